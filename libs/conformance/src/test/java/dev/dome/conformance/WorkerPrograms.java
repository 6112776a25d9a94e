package dev.dome.conformance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Main classes of this module's tests as programs, started as quickly as a JVM can be. */
final class WorkerPrograms {
  private WorkerPrograms() {}

  static WorkerProgram java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx96m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new WorkerProgram(command, Path.of("").toAbsolutePath());
  }
}
