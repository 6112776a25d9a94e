package dev.dome.cli.interop;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program of another ecosystem that runs in a folder of its own. */
record ForeignTool(Path folder) {

  /** What a program came to. */
  record Ended(int exitCode, String output) {}

  /** Whether the program is installed at all. */
  static boolean exists(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  Ended run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Ended(process.waitFor(), output);
    } catch (IOException e) {
      throw new CliException(
          ExitCode.TOOL_MISSING, "not run: " + command.getFirst() + " was not found", "install it");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.FAILED, "interrupted", "run it again");
    }
  }

  /** As {@link #run}, for what has no other way to end than well. */
  void must(List<String> command) {
    Ended ended = run(command);
    if (ended.exitCode() != 0) {
      throw new CliException(
          ExitCode.FAILED,
          String.join(" ", command) + " failed: " + ended.output(),
          "run it in " + folder);
    }
  }

  /** Writes a program of ours into the folder. */
  void place(String resource, String name) {
    try (InputStream in = ForeignTool.class.getResourceAsStream(resource)) {
      Files.createDirectories(folder);
      Files.write(folder.resolve(name), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void place(String name, byte[] content) {
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
