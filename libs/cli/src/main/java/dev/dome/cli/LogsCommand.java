package dev.dome.cli;

import dev.dome.devstack.StackState;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what the local stack's processes wrote. */
@Command(
    name = "logs",
    description = "Prints the logs of the local stack.",
    mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private StackDirectory directory;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "Processes as ./dome status names them (default: all).")
  private List<String> names = List.of();

  @Option(
      names = {"-n", "--lines"},
      defaultValue = "50",
      description = "Last lines of each log.")
  private int lines;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing what is written.")
  private boolean follow;

  @Override
  public ExitCode call() throws IOException, InterruptedException {
    var logs = logs(directory.running());
    var out = spec.commandLine().getOut();
    var positions = new LinkedHashMap<String, Long>();
    for (var log : logs.entrySet()) {
      positions.put(log.getKey(), Files.size(log.getValue()));
      printTail(out, log.getKey(), log.getValue());
    }
    while (follow) {
      for (var log : logs.entrySet()) {
        positions.compute(log.getKey(), (name, from) -> printFrom(out, name, log.getValue(), from));
      }
      Thread.sleep(250);
    }
    return ExitCode.OK;
  }

  private Map<String, Path> logs(StackState state) {
    var logs = new LinkedHashMap<String, Path>();
    for (var member : state.members()) {
      if (names.isEmpty() || names.contains(member.name())) {
        logs.put(member.name(), Path.of(member.log()));
      }
    }
    if (logs.isEmpty()) {
      throw new CliException(
          ExitCode.USAGE, "no process is called " + String.join(", ", names), "./dome status");
    }
    return logs;
  }

  private void printTail(PrintWriter out, String name, Path log) throws IOException {
    var all = new ArrayList<>(Files.readAllLines(log, StandardCharsets.ISO_8859_1));
    all.subList(Math.max(0, all.size() - lines), all.size())
        .forEach(line -> out.println(name + " | " + line));
    out.flush();
  }

  /** Prints whole lines past the position and returns where the next look begins. */
  private static Long printFrom(PrintWriter out, String name, Path log, Long from) {
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.min(from, file.length()));
      var fresh = new byte[(int) Math.min(1 << 20, file.length() - file.getFilePointer())];
      file.readFully(fresh);
      var text = new String(fresh, StandardCharsets.ISO_8859_1);
      var end = text.lastIndexOf('\n') + 1;
      text.substring(0, end).lines().forEach(line -> out.println(name + " | " + line));
      out.flush();
      return from + end;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
