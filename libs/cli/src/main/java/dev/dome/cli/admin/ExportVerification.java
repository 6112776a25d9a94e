package dev.dome.cli.admin;

import dev.dome.cli.audit.ExportedRun;
import dev.dome.verification.invariant.AnswerInvariants;
import dev.dome.verification.invariant.Invariant;
import dev.dome.verification.invariant.InvariantReport;
import dev.dome.verification.invariant.Lateness;
import dev.dome.verification.invariant.OperationInvariants;
import dev.dome.verification.invariant.PlantedSecrets;
import dev.dome.verification.invariant.RunInvariants;
import dev.dome.verification.invariant.TimerInvariants;
import dev.dome.verification.invariant.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Holds exported runs against the invariants that an export can show, without a server. */
final class ExportVerification {
  private static final Set<Invariant> BAG =
      EnumSet.of(
          Invariant.PUBLISHED_OR_PENDING,
          Invariant.UNBROKEN_CHAINS,
          Invariant.NAMESPACES_APART,
          Invariant.DEAD_LETTERS_ONCE);

  private final PlantedSecrets planted;
  private final Optional<AnswerInvariants> answers;
  private final InvariantReport report = new InvariantReport();
  private final Lateness lateness = new Lateness();
  private final Set<String> operations = new HashSet<>();

  private ExportVerification(PlantedSecrets planted, Optional<AnswerInvariants> answers) {
    this.planted = planted;
    this.answers = answers;
  }

  /**
   * Checks one bag, or every bag that lies in a directory.
   *
   * @throws IOException when a file cannot be read
   * @throws IllegalArgumentException when there is no bag, or one that is not of a run
   */
  static InvariantReport of(
      Path directory,
      PlantedSecrets planted,
      Optional<AnswerInvariants> answers,
      BiConsumer<Long, Long> progress)
      throws IOException {
    ExportVerification verification = new ExportVerification(planted, answers);
    List<Path> bags = bags(directory);
    for (Path bag : bags) {
      if (ExportedRun.isOfARange(bag)) {
        throw new IllegalArgumentException(
            bag + " is the export of a range of time, which ./dome audit verify checks");
      }
    }
    for (int i = 0; i < bags.size(); i++) {
      verification.bag(bags.get(i));
      progress.accept(i + 1L, (long) bags.size());
    }
    verification.finish();
    return verification.report;
  }

  private static List<Path> bags(Path directory) throws IOException {
    if (ExportedRun.isBag(directory)) {
      return List.of(directory);
    }
    try (Stream<Path> inside = Files.isDirectory(directory) ? Files.list(directory) : Stream.of()) {
      List<Path> bags = inside.filter(ExportedRun::isBag).sorted().toList();
      if (bags.isEmpty()) {
        throw new IllegalArgumentException(directory + " holds no export");
      }
      return bags;
    }
  }

  private void bag(Path bag) throws IOException {
    String name = String.valueOf(bag.getFileName());
    secrets(bag, name);
    switch (ExportedRun.of(bag)) {
      case ExportedRun.Broken(String finding) ->
          report.looked(BAG, 1, List.of(new Violation(Invariant.UNBROKEN_CHAINS, name, finding)));
      case ExportedRun.Whole whole -> whole(whole);
    }
  }

  private void whole(ExportedRun.Whole whole) {
    Set<Invariant> seen = EnumSet.copyOf(RunInvariants.covered());
    if (!whole.complete()) {
      seen.remove(Invariant.FINAL_OR_EXPLAINED);
    }
    report.looked(seen, 1, RunInvariants.check(whole.run()));
    report.looked(BAG, whole.run().rows().size(), List.of());
    report.looked(EnumSet.of(Invariant.ONE_EVENT_PER_ANSWER), 0, twice(whole));
    lateness.add(TimerInvariants.check(whole.run()).latenessMs());
    answers
        .filter(a -> a.namespace().equals(whole.run().namespace().value()))
        .ifPresent(a -> a.collect(whole.run(), List.of()));
  }

  /** One operation has one row, in whatever run. */
  private List<Violation> twice(ExportedRun.Whole whole) {
    List<Violation> found = new ArrayList<>();
    whole.run().rows().stream()
        .flatMap(row -> OperationInvariants.operationOf(row).stream())
        .filter(operation -> !operations.add(operation))
        .forEach(operation ->
            found.add(
                new Violation(
                    Invariant.ONE_EVENT_PER_ANSWER,
                    whole.run().namespace() + "/" + whole.run().runId(),
                    "operation " + operation + " has more than one row")));
    return found;
  }

  private void secrets(Path bag, String name) throws IOException {
    if (planted.isEmpty()) {
      return;
    }
    List<Violation> found = new ArrayList<>();
    long files = 0;
    try (Stream<Path> all = Files.walk(bag)) {
      for (Path file :
          all.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).sorted().toList()) {
        files++;
        try (InputStream content = Files.newInputStream(file)) {
          found.addAll(
              PlantedSecrets.found(name + " " + bag.relativize(file), planted.in(content)));
        }
      }
    }
    report.looked(EnumSet.of(Invariant.NO_SECRETS), files, found);
  }

  private void finish() {
    report.noted(Invariant.TIMERS_FIRE_ONCE, lateness.sentence());
    report.notSeen(Invariant.EPOCHS_NEVER_DECREASE, "an export does not say who wrote a row");
    report.notSeen(Invariant.NO_SECRETS, "no planted secrets were named");
    report.notSeen(
        Invariant.FINAL_OR_EXPLAINED, "an open run's export does not say what it waits on");
    if (answers.isEmpty()) {
      String why = "an export holds no answers: give what clients saw with --answers";
      report.notSeen(Invariant.ONE_EVENT_PER_ANSWER, why);
      report.notSeen(Invariant.SAME_KEY_SAME_ANSWER, why);
      report.notSeen(Invariant.SHED_LEAVES_NOTHING, why);
      return;
    }
    AnswerInvariants seen = answers.get();
    report.looked(EnumSet.of(Invariant.ONE_EVENT_PER_ANSWER), seen.accepted(), seen.check(true));
    report.looked(EnumSet.of(Invariant.SAME_KEY_SAME_ANSWER), seen.keyed(), List.of());
    report.looked(EnumSet.of(Invariant.SHED_LEAVES_NOTHING), seen.shed(), List.of());
    report.noted(Invariant.SHED_LEAVES_NOTHING, "looked for in the exported journals only");
  }
}
