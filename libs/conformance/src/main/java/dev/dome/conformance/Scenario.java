package dev.dome.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One rule of the worker protocol and a play that shows whether a worker keeps it.
 *
 * @param play throws {@link BrokenRuleException} at the first thing that is not so
 */
record Scenario(String name, String rule, Consumer<Stage> play) {
  private static final int SHOWN_CHARS = 2_000;

  Verdict run(WorkerProgram program, Contract contract) {
    long startNanos = System.nanoTime();
    List<String> findings = new ArrayList<>();
    try (Stage stage = new Stage(program, contract)) {
      try {
        play.accept(stage);
      } catch (BrokenRuleException broken) {
        findings.add(broken.getMessage());
      }
      stage.end();
      findings.addAll(stage.script().violations());
      if (!findings.isEmpty()) {
        findings.add("the worker asked: " + stage.asked());
      }
      if (stage.output().contains(stage.token())) {
        findings.add("the worker wrote its token to its output");
      } else if (!findings.isEmpty() && !stage.output().isBlank()) {
        findings.add("the worker wrote: " + tail(stage.output().strip()));
      }
    }
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    return new Verdict(name, rule, findings.stream().distinct().toList(), tookMs);
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - SHOWN_CHARS));
  }
}
