package dev.dome.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The worker protocol as a set of scenarios. Each starts a process of its own and plays the server
 * to it; several are played at once. What a worker under test must offer is in doc/workers.md.
 */
public final class ConformanceSuite {
  private static final List<Scenario> SCENARIOS =
      Stream.of(
              // The longest first, since several are played at once.
              LeaseScenarios.all(),
              DrainScenarios.all(),
              PatienceScenarios.all(),
              ClaimScenarios.all(),
              ResultScenarios.all())
          .flatMap(List::stream)
          .toList();

  private ConformanceSuite() {}

  /** The names of all scenarios, in the order they are listed. */
  public static List<String> scenarios() {
    return SCENARIOS.stream().map(Scenario::name).toList();
  }

  /**
   * Plays scenarios to a worker.
   *
   * @param names which; an empty list is all of them
   * @param atOnce how many are played at the same time
   * @param listener told each verdict as it falls, by several threads
   * @return a verdict of each, in the order they are listed
   * @throws IllegalArgumentException for a name that no scenario has
   */
  public static List<Verdict> run(
      WorkerProgram program, List<String> names, int atOnce, Consumer<Verdict> listener)
      throws InterruptedException {
    List<String> unknown = names.stream().filter(name -> !scenarios().contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("no scenario is called " + String.join(", ", unknown));
    }
    Contract contract = Contract.standard();
    List<Future<Verdict>> verdicts = new ArrayList<>();
    try (ExecutorService players = Executors.newFixedThreadPool(atOnce)) {
      for (Scenario scenario : SCENARIOS) {
        if (names.isEmpty() || names.contains(scenario.name())) {
          verdicts.add(players.submit(() -> played(scenario, program, contract, listener)));
        }
      }
      List<Verdict> all = new ArrayList<>();
      for (Future<Verdict> verdict : verdicts) {
        all.add(verdict.get());
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a scenario failed instead of the worker", e.getCause());
    }
  }

  private static Verdict played(
      Scenario scenario, WorkerProgram program, Contract contract, Consumer<Verdict> listener) {
    Verdict verdict = scenario.run(program, contract);
    listener.accept(verdict);
    return verdict;
  }
}
