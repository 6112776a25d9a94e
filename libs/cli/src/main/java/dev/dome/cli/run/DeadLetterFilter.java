package dev.dome.cli.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Mixin of commands about several dead letters: which ones. */
final class DeadLetterFilter {
  @Option(names = "--queue", description = "Only those of a queue.")
  private Optional<String> queue = Optional.empty();

  @Option(names = "--run", description = "Only those of a run.")
  private Optional<String> runId = Optional.empty();

  Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    queue.ifPresent(value -> parameters.put("queue", value));
    runId.ifPresent(value -> parameters.put("run_id", value));
    return parameters;
  }
}
