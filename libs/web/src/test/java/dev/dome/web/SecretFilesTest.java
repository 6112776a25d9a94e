package dev.dome.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {
  @TempDir Path directory;

  @Test
  void aSecretIsTheContentOfItsFile() throws Exception {
    Path file = Files.writeString(directory.resolve("password"), "s3cret\n");

    SecretFiles secrets = new SecretFiles(Map.of("DOME_PG_PASSWORD_FILE", file.toString()));

    assertThat(secrets.getValue("DOME_PG_PASSWORD")).isEqualTo("s3cret");
    assertThat(secrets.getPropertyNames()).isEmpty();
  }

  @Test
  void whatIsNoSecretIsNeverReadFromAFile() {
    SecretFiles secrets = new SecretFiles(Map.of("DOME_PG_URL_FILE", "/etc/passwd"));

    assertThat(secrets.getValue("DOME_PG_URL")).isNull();
    assertThat(secrets.getValue("DOME_PG_PASSWORD")).isNull();
  }

  @Test
  void aFileThatCannotBeReadEndsTheStartWithTheNameOfItsVariable() {
    SecretFiles secrets =
        new SecretFiles(Map.of("DOME_PG_PASSWORD_FILE", directory.resolve("none").toString()));

    assertThatThrownBy(() -> secrets.getValue("DOME_PG_PASSWORD"))
        .hasMessageContaining("DOME_PG_PASSWORD_FILE");
  }
}
