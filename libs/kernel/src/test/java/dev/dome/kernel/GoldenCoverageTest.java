package dev.dome.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.ReasonCode;
import java.lang.reflect.RecordComponent;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is not in a golden history may change unseen. Each kind of row that is written, each field
 * of it, each end of a run and each reason that a row records must be frozen in one.
 */
class GoldenCoverageTest {
  /** No version has written this: no move of a task is asked for. */
  private static final Set<String> NEVER_WRITTEN = Set.of("TransitionRejected.taskId");

  /** The reasons that dome itself gives in rows; others come from outside, or are answers only. */
  private static final List<ReasonCode> RECORDED =
      List.of(
          KernelReasonCodes.APPROVAL_EXPIRED,
          KernelReasonCodes.DEPENDENCY_BLOCKED,
          KernelReasonCodes.EXEC_NONZERO_EXIT,
          KernelReasonCodes.POLICY_NEEDS_HUMAN,
          KernelReasonCodes.RETRY_BUDGET_EXHAUSTED,
          KernelReasonCodes.RUN_DEADLINE_EXCEEDED,
          KernelReasonCodes.TRANSIENT_LEASE_EXPIRED,
          KernelReasonCodes.TRANSIENT_RELEASED,
          KernelReasonCodes.TRANSIENT_TIMEOUT,
          KernelReasonCodes.VERIFY_TEST_FAILURE);

  private static final List<RunStatus> OPEN =
      Stream.of(RunStatus.values()).filter(status -> !status.isFinal()).toList();

  private final Set<String> present = new TreeSet<>();
  private final Set<RunStatus> ends = EnumSet.noneOf(RunStatus.class);
  private final Set<String> texts = new TreeSet<>();

  GoldenCoverageTest() throws Exception {
    for (var file : ReplayTest.goldenFiles()) {
      for (JournalRow row : Histories.read(file)) {
        read(row);
      }
    }
  }

  private void read(JournalRow row) {
    texts.add(row.envelope().payload().toString());
    if (row.kind() == JournalEntry.Kind.INPUT) {
      RecordedInput recorded = RecordedInput.read(row.envelope());
      see((Record) recorded.input());
      see(recorded.context());
    } else {
      Event event = Event.read(row.envelope().topic(), row.envelope().payload());
      see((Record) event);
      if (event instanceof Event.RunCompleted completed) {
        ends.add(completed.status());
      }
    }
  }

  private void see(Record one) {
    for (RecordComponent component : one.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        if (component.getAccessor().invoke(one) != null) {
          present.add(nameOf(one.getClass(), component));
        }
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("a record's accessor can be called", e);
      }
    }
  }

  private static String nameOf(Class<?> type, RecordComponent component) {
    return type.getSimpleName() + "." + component.getName();
  }

  @Test
  void everyFieldOfEveryRowIsInAGoldenHistory() {
    List<String> written =
        Stream.of(
                Stream.of(Input.class.getPermittedSubclasses()),
                Stream.of(Event.class.getPermittedSubclasses()),
                Stream.<Class<?>>of(Context.class))
            .flatMap(types -> types)
            .flatMap(type -> Stream.of(type.getRecordComponents()).map(c -> nameOf(type, c)))
            .filter(name -> !NEVER_WRITTEN.contains(name))
            .toList();

    assertThat(present)
        .as("play a run that has the field in Histories, and write its file with its main method")
        .containsAll(written);
  }

  @Test
  void everyEndOfARunIsInAGoldenHistory() {
    assertThat(ends)
        .containsExactlyInAnyOrder(
            Stream.of(RunStatus.values()).filter(RunStatus::isFinal).toArray(RunStatus[]::new));
  }

  @Test
  void everyReasonThatARowRecordsIsInAGoldenHistory() {
    assertThat(RECORDED).allSatisfy(this::requireIn);
  }

  /** A final run's journal does not grow, so only moves of open runs are recorded. */
  @Test
  void everyRefusedMoveThatARowRecordsIsInAGoldenHistory() {
    List<ReasonCode> ofOpenRuns =
        KernelReasonCodes.invalidTransitions().stream()
            .filter(
                code -> OPEN.stream().anyMatch(status -> code.value().contains("." + status + ".")))
            .toList();

    assertThat(ofOpenRuns).isNotEmpty().allSatisfy(this::requireIn);
  }

  private void requireIn(ReasonCode code) {
    assertThat(texts)
        .as(code.value())
        .anyMatch(payload -> payload.contains("\"" + code.value() + "\""));
  }
}
