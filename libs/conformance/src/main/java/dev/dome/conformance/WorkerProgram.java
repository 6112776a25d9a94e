package dev.dome.conformance;

import java.nio.file.Path;
import java.util.List;

/**
 * The worker that is examined, as a command line.
 *
 * @param command the program and its arguments; no shell is involved
 * @param directory where it is started
 */
public record WorkerProgram(List<String> command, Path directory) {
  public WorkerProgram {
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("a worker expected a program but the command was empty");
    }
  }
}
