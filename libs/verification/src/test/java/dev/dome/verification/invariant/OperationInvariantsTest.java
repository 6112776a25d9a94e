package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A run whose rows name their operations holds; each defect planted between them is found. */
class OperationInvariantsTest {
  private final List<PublishedRow> rows = Journals.named("cancel");
  private final List<OperationSeen> operations = new ArrayList<>(operationsOf(rows));

  static List<OperationSeen> operationsOf(List<PublishedRow> rows) {
    return rows.stream()
        .filter(row -> OperationInvariants.operationOf(row).isPresent())
        .map(row ->
            operation(
                OperationInvariants.operationOf(row).orElseThrow(),
                row.envelope().topic().substring("input.".length()).toUpperCase(Locale.ROOT),
                201,
                Optional.empty(),
                row.envelope().sequence() + 1))
        .toList();
  }

  static OperationSeen operation(
      String id, String kind, int status, Optional<String> repeats, long sequence) {
    return new OperationSeen(
        id,
        Optional.of(kind),
        "alice",
        Optional.of("golden"),
        repeats,
        Optional.of(new OperationSeen.KeyUse("f", false, "b")),
        status,
        Optional.empty(),
        "a",
        Optional.empty(),
        Optional.of(sequence));
  }

  private List<String> found() {
    return OperationInvariants.check(Journals.run(rows), operations).violations().stream()
        .map(Violation::detail)
        .toList();
  }

  @Test
  void aRunWhoseEveryRowHasItsOperationHolds() {
    operations.add(operation("op-again", "SUBMIT_RUN", 201, Optional.of("op-1"), 2));
    operations.add(operation("op-idle", "RESUME_RUN", 200, Optional.empty(), 2));
    operations.add(operation("op-refused", "CANCEL_RUN", 409, Optional.empty(), 2));
    operations.add(operation("op-later", "CANCEL_RUN", 200, Optional.empty(), rows.size() + 1));

    assertThat(found()).isEmpty();
    assertThat(OperationInvariants.check(Journals.run(rows), operations).held()).isGreaterThan(3);
  }

  @Test
  void anAcceptedOperationWithoutARowIsFound() {
    operations.add(operation("op-lost", "CANCEL_RUN", 200, Optional.empty(), 2));
    assertThat(found()).singleElement().asString().contains("op-lost", "has no row");
  }

  @Test
  void aPauseThatIsNotInTheJournalIsFound() {
    operations.add(operation("op-idle", "PAUSE_RUN", 200, Optional.empty(), 2));
    assertThat(found()).singleElement().asString().contains("op-idle", "has no row");
  }

  @Test
  void aSubmissionOfAnotherRunIsNoRepeatOfThisOne() {
    operations.add(operation("op-joined", "SUBMIT_RUN", 200, Optional.empty(), 2));
    assertThat(found()).singleElement().asString().contains("op-joined", "has no row");
  }

  @Test
  void aRowThatNobodyAskedForIsFound() {
    operations.removeLast();
    assertThat(found()).singleElement().asString().contains("nobody is known");
  }

  @Test
  void anOperationThatTookEffectTwiceIsFound() {
    List<PublishedRow> twice =
        Journals.changed(
            rows,
            row -> row.envelope().topic().equals("input.cancel_run"),
            (payload, sequence) -> payload.withObject("/context").put("operation_id", "op-1"));

    assertThat(OperationInvariants.check(Journals.run(twice), operations).violations())
        .anyMatch(found -> found.detail().contains("has another row already"));
  }

  @Test
  void aRepeatThatWroteARowIsFound() {
    OperationSeen last = operations.removeLast();
    operations.add(
        operation(
            last.operationId(),
            last.kind().orElseThrow(),
            200,
            Optional.of("op-1"),
            last.sequence().orElseThrow()));
    assertThat(found()).singleElement().asString().contains("took effect again");
  }

  @Test
  void aRowOfAnotherKindThanItsOperationIsFound() {
    OperationSeen last = operations.removeLast();
    operations.add(
        operation(
            last.operationId(), "PAUSE_RUN", 409, Optional.empty(), last.sequence().orElseThrow()));
    assertThat(found()).singleElement().asString().contains("asked for something else");
  }

  @Test
  void aRowWithoutANameInARunThatNamesItsOperationsIsFound() {
    List<PublishedRow> nameless =
        Journals.changed(
            rows,
            row -> row.envelope().topic().equals("input.cancel_run"),
            (payload, sequence) -> payload.withObject("/context").remove("operation_id"));
    assertThat(OperationInvariants.check(Journals.run(nameless), List.of()).violations())
        .anyMatch(found -> found.detail().contains("names no operation"));
  }

  @Test
  void aRunOfBeforeOperationsWereNamedIsPassedBy() {
    OperationInvariants.Result result =
        OperationInvariants.check(Journals.run(Journals.rows("cancel")), List.of());
    assertThat(result.violations()).isEmpty();
    assertThat(result.held()).isZero();
  }

  @Test
  void aRetryWithoutAnOperationIsTheOwnersOrNobodys() {
    assertThat(foundOfRetriesBy("system:state-controller")).isEmpty();
    assertThat(foundOfRetriesBy("system:retry-scheduler"))
        .isNotEmpty()
        .allMatch(detail -> detail.contains("names no operation"));
  }

  private static List<String> foundOfRetriesBy(String subject) {
    List<PublishedRow> retried =
        Journals.changed(
            Journals.named("retry-and-dead-letter"),
            row -> row.envelope().topic().equals("input.retry_due"),
            (payload, sequence) -> {
              payload.withObject("/context").remove("operation_id");
              payload.withObject("/context/actor").put("subject", subject);
            });
    return OperationInvariants.check(Journals.run(retried), operationsOf(retried))
        .violations()
        .stream()
        .map(Violation::detail)
        .toList();
  }
}
