package dev.dome.cli.interop;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.conformance.WorkerProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The worker of {@code libs/client-ts}. A Node.js that runs TypeScript starts it as it is; for an
 * older one npm fetches the compiler that package-lock.json names, once, and it is compiled.
 */
final class TypeScriptWorker {
  private static final String SOURCE = "conformance/worker.ts";
  private static final String COMPILED = "target/dist/conformance/worker.js";
  private static final String COMPILER = "node_modules/typescript/bin/tsc";

  private final Path folder;

  /** Below the root of the repository. */
  TypeScriptWorker(Path root) {
    this.folder = root.resolve("libs/client-ts");
  }

  /**
   * The worker, ready to be started.
   *
   * @throws CliException with {@link ExitCode#TOOL_MISSING} where Node.js or npm is not installed
   */
  WorkerProgram program() {
    NodeVersion version = version();
    if (version.runsTypeScript()) {
      return new WorkerProgram(List.of("node", SOURCE), folder);
    }
    compile();
    return new WorkerProgram(List.of("node", COMPILED), folder);
  }

  private NodeVersion version() {
    return NodeVersion.read(run(List.of("node", "--version"), "Node.js"))
        .filter(NodeVersion::isEnough)
        .orElseThrow(() -> missing("Node.js"));
  }

  private void compile() {
    if (!Files.isRegularFile(folder.resolve(COMPILER))) {
      run(List.of("npm", "ci", "--no-audit", "--no-fund"), "npm");
    }
    run(List.of("node", COMPILER), "Node.js");
  }

  private String run(List<String> command, String tool) {
    Process process;
    try {
      process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw missing(tool);
    }
    try {
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new CliException(
            ExitCode.FAILED,
            String.join(" ", command) + " failed: " + output,
            "run it in " + folder);
      }
      return output;
    } catch (IOException e) {
      throw new CliException(
          ExitCode.FAILED, String.join(" ", command) + " broke off", "run it in " + folder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.FAILED, "interrupted", "run it again");
    }
  }

  private static CliException missing(String tool) {
    return new CliException(
        ExitCode.TOOL_MISSING,
        "not run: "
            + tool
            + " was not found; the TypeScript worker needs Node.js 20 or later with"
            + " npm",
        "");
  }
}
