package dev.dome.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.Patience;
import dev.dome.cli.admin.LiveSystem.Listed;
import dev.dome.cli.admin.RunCheck.Checked;
import dev.dome.client.DomeException;
import dev.dome.migrations.Database;
import dev.dome.verification.invariant.ActInvariants;
import dev.dome.verification.invariant.AnswerInvariants;
import dev.dome.verification.invariant.DeadLetterInvariants;
import dev.dome.verification.invariant.Invariant;
import dev.dome.verification.invariant.InvariantReport;
import dev.dome.verification.invariant.KeyInvariants;
import dev.dome.verification.invariant.LaneInvariants;
import dev.dome.verification.invariant.Lateness;
import dev.dome.verification.invariant.OperationSeen;
import dev.dome.verification.invariant.PlantedSecrets;
import dev.dome.verification.invariant.RunInvariants;
import dev.dome.verification.invariant.Violation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;

/**
 * Holds a running system against the invariants. Runs stream by, a few at a time; what is kept of
 * them is their names and eight bytes for each key.
 */
public final class LiveVerification {
  /** A timer may fire this late in a system that is well. */
  private static final Duration LATEST = Duration.ofSeconds(2);

  private static final int READERS = 4;
  private static final Set<Invariant> COPIES =
      EnumSet.of(Invariant.PUBLISHED_OR_PENDING, Invariant.UNBROKEN_CHAINS);

  /**
   * What is looked at besides what the API shows of every run.
   *
   * @param runs these only, and then no list of the whole namespace
   * @param planted strings that must be found nowhere
   * @param answers what clients saw
   * @param logs a directory of the services' logs
   * @param database to be read whole
   * @param natsUrl of the streams, to be read whole
   */
  public record Scope(
      Optional<List<Listed>> runs,
      PlantedSecrets planted,
      Optional<AnswerInvariants> answers,
      Optional<Path> logs,
      Optional<Database> database,
      Optional<String> natsUrl) {

    /** The API alone. */
    public static Scope api() {
      return new Scope(
          Optional.empty(),
          new PlantedSecrets(List.of()),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
  }

  private final LiveSystem system;
  private final Scope scope;
  private final SecretScan secrets;
  private final RunCheck.Sight sight;
  private final RunCheck runCheck;
  private final Patience patience;
  private final InvariantReport report = new InvariantReport();
  private final DeadLetterInvariants letters = new DeadLetterInvariants();
  private final KeyInvariants keys = new KeyInvariants();
  private final Lateness lateness = new Lateness();
  private final Set<String> seenRuns = new HashSet<>();

  private LiveVerification(LiveSystem system, Scope scope, Patience patience) {
    this.system = system;
    this.scope = scope;
    this.patience = patience;
    this.secrets = new SecretScan(system, scope.planted());
    this.sight = RunCheck.Sight.of(system);
    this.runCheck = new RunCheck(system, patience, secrets, sight);
  }

  /**
   * Reads and checks; nothing is changed.
   *
   * @param patience with what follows the journal behind
   * @param progress told how many runs of how many are checked
   */
  public static InvariantReport run(
      LiveSystem system, Scope scope, Patience patience, BiConsumer<Long, Long> progress) {
    LiveVerification verification = new LiveVerification(system, scope, patience);
    verification.runs(progress);
    verification.operations();
    verification.answers();
    verification.lanes();
    verification.acts();
    verification.copies();
    verification.timers();
    verification.deadLetters();
    verification.secrets();
    return verification.report;
  }

  private void runs(BiConsumer<Long, Long> progress) {
    try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
      RunWindow window = new RunWindow(readers, runCheck, this::checked, count(), progress);
      if (scope.runs().isPresent()) {
        scope.runs().get().forEach(run -> submit(window, run));
      } else {
        system.runs(run -> submit(window, run));
      }
      scope
          .answers()
          .ifPresent(
              seen -> namedBy(seen, readers).forEach(run -> submit(window, Listed.named(run))));
      window.drain();
    }
    report.noted(Invariant.TIMERS_FIRE_ONCE, lateness.sentence());
    if (!sight.audit()) {
      String without = "without the audit's copy, which takes the role auditor";
      COPIES.forEach(invariant -> report.noted(invariant, without));
    }
  }

  private void submit(RunWindow window, Listed run) {
    if (seenRuns.add(run.runId().value())) {
      window.submit(run);
    }
  }

  /** The runs that the answers name and that exist, as those that were only shed should not. */
  private List<String> namedBy(AnswerInvariants answers, Executor readers) {
    Set<String> runs = new LinkedHashSet<>(answers.runs());
    for (String operationId : answers.withoutRun()) {
      runOf(operationId, answers).ifPresent(runs::add);
    }
    runs.removeAll(seenRuns);
    // Of an overload these are many thousands, none of which should be there.
    List<CompletableFuture<Optional<String>>> asked =
        runs.stream()
            .map(runId ->
                CompletableFuture.supplyAsync(
                    () -> Optional.of(runId).filter(system::hasRun), readers))
            .toList();
    return asked.stream().map(LiveVerification::told).flatMap(Optional::stream).toList();
  }

  private static <T> T told(CompletableFuture<T> asked) {
    try {
      return asked.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  /** What was only queued when it was answered is waited for. */
  private Optional<String> runOf(String operationId, AnswerInvariants answers) {
    Optional<JsonNode> outcome = system.outcome(operationId);
    while (outcome.isEmpty() && patience.await("operation " + operationId)) {
      outcome = system.outcome(operationId);
    }
    Optional<String> runId = outcome.map(found -> found.at("/position/run_id").textValue());
    if (outcome.isPresent() && runId.isEmpty()) {
      answers.outcomeFound(operationId);
    }
    return runId;
  }

  private long count() {
    if (scope.runs().isPresent()) {
      return scope.runs().get().size();
    }
    long[] runs = {0};
    system.runs(run -> runs[0]++);
    return runs[0];
  }

  private void checked(Checked checked) {
    report.looked(RunInvariants.covered(), 1, checked.invariants());
    report.looked(
        EnumSet.of(Invariant.ONE_EVENT_PER_ANSWER),
        checked.answers().held(),
        checked.answers().violations());
    report.looked(
        EnumSet.of(Invariant.SAME_KEY_SAME_ANSWER), checked.operations().size(), checked.keys());
    report.looked(COPIES, checked.copied(), checked.copies());
    report.looked(
        EnumSet.of(Invariant.NO_SECRETS), scope.planted().isEmpty() ? 0 : 1, checked.leaks());
    letters.collect(checked.run());
    lateness.add(checked.latenessMs());
    scope.answers().ifPresent(a -> a.collect(checked.run(), checked.operations()));
    if (scope.runs().isPresent()) {
      checked.operations().forEach(this::key);
    }
  }

  private void key(OperationSeen operation) {
    report.looked(
        EnumSet.of(Invariant.SAME_KEY_SAME_ANSWER), 0, keys.collect(system.namespace(), operation));
  }

  /** Operations about runs that are not there, and keys that two operations bind. */
  private void operations() {
    if (!sight.operations()) {
      String why = "the operations cannot be read: that takes the role operator or auditor";
      report.notSeen(Invariant.ONE_EVENT_PER_ANSWER, why);
      report.notSeen(Invariant.SAME_KEY_SAME_ANSWER, why);
    }
    if (scope.runs().isPresent() || !sight.operations()) {
      return;
    }
    system.operations(operation -> {
      key(operation);
      boolean nowhere =
          operation.isAboutARun()
              && operation.accepted()
              && operation.runId().filter(this::isThere).isEmpty();
      report.looked(
          EnumSet.of(Invariant.ONE_EVENT_PER_ANSWER),
          1,
          nowhere
              ? List.of(
                  new Violation(
                      Invariant.ONE_EVENT_PER_ANSWER,
                      system.namespace() + "/" + operation.runId().orElse("-"),
                      "operation "
                          + operation.operationId()
                          + " was accepted and its run is not there"))
              : List.of());
    });
  }

  private boolean isThere(String runId) {
    return seenRuns.contains(runId) || system.hasRun(runId);
  }

  private void answers() {
    if (scope.answers().isEmpty()) {
      report.notSeen(
          Invariant.SHED_LEAVES_NOTHING,
          "only who was shed knows of it: give what clients saw with --answers");
      return;
    }
    AnswerInvariants answers = scope.answers().get();
    answers.shedEvidence().stream().filter(system::hasEvidence).forEach(answers::evidenceFound);
    report.looked(
        EnumSet.of(Invariant.ONE_EVENT_PER_ANSWER),
        answers.accepted(),
        answers.check(!sight.operations()));
    report.looked(EnumSet.of(Invariant.SAME_KEY_SAME_ANSWER), answers.keyed(), List.of());
    report.looked(EnumSet.of(Invariant.SHED_LEAVES_NOTHING), answers.shed(), List.of());
    report.noted(
        Invariant.ONE_EVENT_PER_ANSWER,
        answers.accepted()
            + " answers that clients saw, and "
            + answers.unknown()
            + " tries without one, which are unknown");
  }

  private void lanes() {
    try {
      for (LaneInvariants.Shown before : system.lanes()) {
        List<LaneInvariants.Span> spans = system.epochs(before.lane());
        LaneInvariants.Shown after =
            system.lanes().stream()
                .filter(lane -> lane.lane() == before.lane())
                .findFirst()
                .orElse(before);
        report.looked(
            LaneInvariants.covered(), after.position(), LaneInvariants.check(after, spans));
      }
    } catch (DomeException e) {
      String why = "the lanes cannot be read: " + e.getMessage();
      LaneInvariants.covered().forEach(invariant -> report.notSeen(invariant, why));
    }
  }

  /** What was done to the audit itself, unless only some runs are looked at. */
  private void acts() {
    if (!sight.audit() || scope.runs().isPresent()) {
      return;
    }
    List<JsonNode> acts = new ArrayList<>();
    List<JsonNode> tombstones = system.tombstones();
    for (int before = -1; before != tombstones.size(); tombstones = system.tombstones()) {
      // A purge between the two lists would look like one that lies.
      before = tombstones.size();
      acts.clear();
      system.listing("audit/records", Map.of("kind", "ADMIN"), acts::add);
    }
    ActInvariants invariants = new ActInvariants(system.namespace(), tombstones);
    acts.stream().filter(act -> act.has("admin")).forEach(invariants::add);
    report.looked(
        EnumSet.of(Invariant.UNBROKEN_CHAINS), invariants.acts(), invariants.violations());
  }

  private void copies() {
    List<StreamCopies.Compared> compared = new ArrayList<>();
    scope.natsUrl().ifPresent(url -> compared.add(new StreamCopies(system).stream(url)));
    scope
        .database()
        .ifPresent(database -> compared.add(new StreamCopies(system).cursors(database, patience)));
    for (StreamCopies.Compared copy : compared) {
      report.looked(EnumSet.of(Invariant.PUBLISHED_OR_PENDING), copy.things(), copy.found());
      report.noted(Invariant.PUBLISHED_OR_PENDING, copy.note());
    }
  }

  private void timers() {
    Instant oldest = Instant.now().minus(LATEST);
    List<JsonNode> pending = system.pendingTimers();
    List<Violation> late =
        pending.stream()
            .filter(timer -> Instant.parse(timer.path("due_at").asText()).isBefore(oldest))
            .map(timer ->
                new Violation(
                    Invariant.TIMERS_FIRE_ONCE,
                    timer.path("run_id").asText(),
                    timer.path("kind").asText()
                        + " was due at "
                        + timer.path("due_at").asText()
                        + " and has not fired"))
            .toList();
    report.looked(EnumSet.of(Invariant.TIMERS_FIRE_ONCE), pending.size(), late);
  }

  /**
   * retry-scheduler follows the journal a moment behind, so what is missing is looked for again.
   */
  private void deadLetters() {
    List<Violation> found = letters.check(system.deadLetters());
    while (!found.isEmpty() && patience.await("the dead letters")) {
      int wrong = found.size();
      found = letters.check(system.deadLetters());
      if (found.size() < wrong) {
        patience.came();
      }
    }
    report.looked(EnumSet.of(Invariant.DEAD_LETTERS_ONCE), letters.size(), found);
  }

  private void secrets() {
    if (scope.planted().isEmpty()) {
      report.notSeen(Invariant.NO_SECRETS, "no planted secrets were named");
      return;
    }
    scanned("items listed", secrets.listings());
    scope.logs().ifPresent(logs -> scanned("log files", secrets.logs(logs)));
    scope.database().ifPresent(database -> scanned("values", secrets.database(database)));
    scope.natsUrl().ifPresent(url -> scanned("messages", secrets.streams(url)));
  }

  private void scanned(String things, SecretScan.Scanned scanned) {
    report.looked(EnumSet.of(Invariant.NO_SECRETS), scanned.things(), scanned.found());
    report.noted(Invariant.NO_SECRETS, scanned.things() + " " + things);
  }
}
