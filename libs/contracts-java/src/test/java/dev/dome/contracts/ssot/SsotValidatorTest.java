package dev.dome.contracts.ssot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.RepositoryRoot;
import dev.dome.contracts.SchemaCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SsotValidatorTest {
  private static final Path SSOT = RepositoryRoot.path().resolve("ssot");

  @TempDir Path copy;

  @Test
  void theRepositorysOwnTruthHolds() throws IOException {
    SsotReport report = SsotValidator.validate(SSOT);

    assertThat(report.findings()).isEmpty();
    assertThat(report.ok()).isTrue();
    assertThat(report.schemas()).isEqualTo(SchemaCatalog.standard().names().size());
    assertThat(report.documents()).isGreaterThanOrEqualTo(report.schemas());
    assertThat(report.reasonCodes()).isPositive();
  }

  @Test
  void anExampleThatBreaksItsSchemaIsFound() throws IOException {
    copySsot();
    edit("examples/gate.decision.json", "\"APPROVE\"", "\"MAYBE\"");

    assertThat(codesFor("examples/gate.decision.json")).contains("SCHEMA.ENUM");
  }

  @Test
  void aCodeThatIsNotInTheCatalogIsFound() throws IOException {
    copySsot();
    edit("examples/release.request.json", "TRANSIENT.WORKER_SHUTDOWN", "TRANSIENT.MOOD");

    assertThat(codesFor("examples/release.request.json")).containsExactly("REASON.UNKNOWN");
  }

  @Test
  void aSchemaThatReachesOutsideIsFound() throws IOException {
    copySsot();
    edit("schemas/work.queue.schema.json", "definitions.schema.json#", "https://example.org/d#");

    assertThat(codesFor("schemas/work.queue.schema.json")).contains("SCHEMA.REMOTE_REF");
  }

  @Test
  void aSchemaThatIsNoSchemaIsFound() throws IOException {
    copySsot();
    edit("schemas/work.queue.schema.json", "\"type\": \"object\"", "\"type\": \"thing\"");

    assertThat(codesFor("schemas/work.queue.schema.json")).isNotEmpty();
  }

  @Test
  void aSchemaWithoutAnExampleIsFound() throws IOException {
    copySsot();
    Files.delete(copy.resolve("examples/spawn.spec.json"));

    assertThat(codesFor("examples/spawn.spec.json")).containsExactly("SCHEMA.REQUIRED");
  }

  @Test
  void aNameHeldTwiceIsFound() throws IOException {
    copySsot();
    edit("examples/heartbeat.request.json", "\"fence\": 7", "\"fence\": 7, \"fence\": 8");

    assertThat(codesFor("examples/heartbeat.request.json")).contains("REQUEST.DUPLICATE_KEY");
  }

  private List<String> codesFor(String file) throws IOException {
    return SsotValidator.validate(copy).findings().stream()
        .filter(finding -> finding.file().equals(file))
        .map(finding -> finding.reasonCode().value())
        .toList();
  }

  private void edit(String file, String from, String to) throws IOException {
    Path path = copy.resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));
  }

  private void copySsot() throws IOException {
    for (String folder : List.of("schemas", "policy", "examples")) {
      Files.createDirectories(copy.resolve(folder));
      try (Stream<Path> files = Files.list(SSOT.resolve(folder))) {
        for (Path file : files.toList()) {
          Files.copy(file, copy.resolve(folder).resolve(file.getFileName()));
        }
      }
    }
  }
}
