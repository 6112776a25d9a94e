package dev.dome.cli.demo;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * What anyone can check of the demo's runs, by the same commands that anyone would use.
 *
 * @param commandLine of {@code ./dome}
 * @param directory of the local stack
 */
record DemoProof(Stage stage, CommandLine commandLine, Path directory) {

  /**
   * Replays a run, takes its audit away, checks that offline, then holds the system to its word.
   */
  void of(String runId) {
    stage.chapter(8, "Nobody has to believe it");
    run(true, "replay", runId);
    Path bag = free(directory.resolve("runtime").resolve("audit-" + runId));
    run(true, "audit", "export", runId, "--to", bag.toString());
    run(false, "audit", "verify", bag.toString());
    run(true, "admin", "verify");
  }

  private static Path free(Path wanted) {
    Path candidate = wanted;
    for (int n = 2; Files.exists(candidate); n++) {
      candidate = wanted.resolveSibling(wanted.getFileName() + "-" + n);
    }
    return candidate;
  }

  private void run(boolean againstTheStack, String... words) {
    String shown = "./dome " + String.join(" ", words);
    stage.narrator().command(shown);
    List<String> arguments = new ArrayList<>(List.of(words));
    if (againstTheStack) {
      arguments.add("--dir");
      arguments.add(directory.toString());
    }
    int code = commandLine.execute(arguments.toArray(String[]::new));
    if (code != ExitCode.OK.number()) {
      throw new CliException(ExitCode.FAILED, shown + " ended with " + code, "./dome logs");
    }
  }
}
