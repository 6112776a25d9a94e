package dev.dome.ingest.adapter.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.ingest.application.Profiles;
import dev.dome.ingest.application.Profiles.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileFilesTest {
  private static final NamespaceId OURS = new NamespaceId("ours");
  private static final NamespaceId THEIRS = new NamespaceId("theirs");
  @TempDir private Path directory;
  private String example;

  @BeforeEach
  void read() throws IOException {
    example =
        Files.readString(
            Path.of(System.getProperty("dome.root"), "ssot/examples/runtime.config.json"));
  }

  private Profiles profiles(String text) throws IOException {
    Files.writeString(directory.resolve("ours.json"), text);
    return ProfileFiles.in(directory, SchemaCatalog.standard());
  }

  @Test
  void aNamespaceHasItsOwnProfilesAndADefault() throws IOException {
    Profiles profiles = profiles(example);

    Choice.Chosen byDefault = (Choice.Chosen) profiles.choose(OURS, Optional.empty());
    assertThat(byDefault.profile().path("name").asText()).isEqualTo("standard");
    assertThat(byDefault.profile().path("config_sha256").asText()).matches("[0-9a-f]{64}");
    assertThat(byDefault.profile().at("/budgets/time_minutes").asInt()).isEqualTo(30);
    assertThat(profiles.choose(OURS, Optional.of("standard"))).isEqualTo(byDefault);
    assertThat(profiles.choose(OURS, Optional.of("fast"))).isEqualTo(new Choice.Unknown("fast"));
    assertThat(profiles.choose(THEIRS, Optional.of("standard")))
        .isEqualTo(new Choice.Unknown("standard"));
    assertThat(profiles.choose(THEIRS, Optional.empty())).isEqualTo(new Choice.None());
  }

  @Test
  void whatDoesNotFitEndsTheStartAndSaysWhere() {
    assertWrong("{\"version\": \"0.2.0\"", "not acceptable JSON");
    assertWrong(example.replace("\"max_retries\": 2", "\"max_retries\": -1"), "/max_retries");
    assertWrong(example.replace("\"max_retries\": 2", "\"max_retries\": 101"), "at most 100");
    assertWrong(example.replace("\"pattern\"", "\"patern\""), "patern");
    assertWrong(
        example.replace("\"default_profile\": \"standard\"", "\"default_profile\": \"fast\""),
        "default_profile names no profile");
  }

  private void assertWrong(String text, String why) {
    assertThatThrownBy(() -> profiles(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ours.json")
        .hasMessageContaining(why);
  }

  @Test
  void aFileThatIsNamedAfterNoNamespaceEndsTheStart() throws IOException {
    Files.writeString(directory.resolve("Not One.json"), example);

    assertThatThrownBy(() -> ProfileFiles.in(directory, SchemaCatalog.standard()))
        .hasMessageContaining("not named after a namespace");
  }
}
