package dev.dome.devstack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of this machine: where they are, and short runs of them. */
final class Executables {
  private Executables() {}

  /** The exit code and everything the program printed, both streams together. */
  record Result(int exitCode, String output) {}

  /** Where PATH has the program. */
  static Optional<Path> onPath(String name) {
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    return Stream.of(path.split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Runs to the end; the caller judges the exit code. */
  static Result run(List<String> command) {
    return run(command, Path.of("."));
  }

  static Result run(List<String> command, Path directory) {
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    // Messages are matched in English.
    builder.environment().put("LC_ALL", "C");
    try {
      var process = builder.start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output.strip());
    } catch (IOException e) {
      return new Result(127, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DevstackException("interrupted while " + command.getFirst() + " ran", e);
    }
  }
}
