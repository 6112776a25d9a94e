package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.devstack.RepoRoot;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ValidateSsotCommandTest {
  private final StringWriter out = new StringWriter();

  @TempDir Path copy;

  @BeforeEach
  void copyOurs() throws IOException {
    var ours = RepoRoot.find().resolve("ssot");
    try (Stream<Path> files = Files.walk(ours)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var target = copy.resolve(ours.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  @Test
  void whatThisRepositorySaysAgrees() {
    assertThat(validate()).isZero();
    assertThat(out.toString()).contains("0 findings");
  }

  @Test
  void anObjectiveThatPromisesTooMuchIsAFinding() throws IOException {
    replace("target: 0.999", "target: 99.9");

    assertThat(validate()).isEqualTo(ExitCode.FAILED.number());
    assertThat(out.toString()).contains("slo/dome.yaml", "target", "1 findings");
  }

  @Test
  void aFileOfObjectivesThatIsNoYamlIsAFinding() throws IOException {
    replace("kind: Service", "kind: [");

    assertThat(validate()).isEqualTo(ExitCode.FAILED.number());
    assertThat(out.toString()).contains("slo/dome.yaml", "no YAML");
  }

  private void replace(String right, String wrong) throws IOException {
    var file = copy.resolve("slo/dome.yaml");
    var text = Files.readString(file);
    assertThat(text).contains(right);
    Files.writeString(file, text.replace(right, wrong));
  }

  private int validate() {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(new StringWriter()))
        .execute("validate-ssot", copy.toString());
  }
}
