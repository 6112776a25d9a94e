package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.Input;
import dev.dome.kernel.RunState;
import dev.dome.kernel.TaskState;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every store promises about runs, ready work, keys, operations and evidence. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class RecordContractTest extends StoreContract {
  RecordContractTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  private Store.AnswerKey key(String key) {
    return new Store.AnswerKey(namespace, "alice", "runs.submit", key);
  }

  private static Outcome outcome(String operationId, int status) {
    return new Outcome(operationId, status, null, null, "as decided", List.of(), null);
  }

  private Changes.AnswerRow answer(Store.AnswerKey key, String operationId) {
    return new Changes.AnswerRow(key, "hmac-1", "k1", outcome(operationId, 201), now);
  }

  private Changes.OperationRow operation(String operationId, int status) {
    return new Changes.OperationRow(
        namespace,
        "alice",
        InboxKind.SUBMIT_RUN,
        runId,
        new InboxMessage.IdempotencyKey("runs.submit", "k", "hmac-1", "k1", false),
        null,
        outcome(operationId, status),
        now);
  }

  @Test
  void aStoredRunFoldsToTheStateThatWasWritten() {
    RunState run = submitted(3);
    Draft next = draft();
    next.claim(run, "claim-" + namespace);
    commit(next);
    RunHead head = cache.get(run.runUid());

    List<Store.StoredRun> loaded =
        load(Set.of(run.runUid(), RunUid.derive(namespace, runId, "absent")));

    assertThat(loaded).hasSize(1);
    assertThat(RunHead.of(loaded.getFirst())).isEqualTo(head);
  }

  @Test
  void aRunIsFoundByItsNameInItsNamespaceOnly() {
    RunState run = submitted(1);
    Store.RunName name = new Store.RunName(namespace, runId);
    Store.RunName foreign = new Store.RunName(new NamespaceId("other-" + namespace), runId);

    Store.Found found = find(wanted -> wanted.runs().addAll(Set.of(name, foreign)));

    assertThat(found.runs()).containsOnlyKeys(name).containsEntry(name, run.runUid());
  }

  @Test
  void openingALaneListsTheTasksThatMayBeGranted() {
    RunState run = submitted(2);
    TaskState first = run.dispatchable().getFirst();

    assertThat(ready()).containsExactly(ReadyTask.of(run, first));

    Draft claimed = draft();
    claimed.claim(run, "claim-" + namespace);
    commit(claimed);
    assertThat(ready()).isEmpty();
  }

  @Test
  void tasksOfAPausedOrAFinalRunAreNotReady() {
    RunState run = submitted(1);
    Draft pause = draft();
    RunState paused = pause.steer(run, new Input.PauseRun(Draft.BY_OPERATOR, "wait"));
    commit(pause);
    assertThat(ready()).isEmpty();

    Draft resume = draft();
    RunState resumed = resume.steer(paused, new Input.ResumeRun(Draft.BY_OPERATOR, "go"));
    commit(resume);
    assertThat(ready()).hasSize(1);

    Draft cancel = draft();
    cancel.steer(resumed, new Input.CancelRun(Draft.BY_OPERATOR, "enough"));
    commit(cancel);
    assertThat(ready()).isEmpty();
  }

  private List<ReadyTask> ready() {
    return find(wanted -> wanted.opening().add(lane)).opened().get(lane).ready().stream()
        .filter(task -> task.namespace().equals(namespace))
        .toList();
  }

  @Test
  void theFirstAnswerToAKeyStandsAndIsFoundByTheWholeKeyOnly() {
    Draft first = draft();
    first.answers.add(answer(key("k"), "op-1"));
    commit(first);
    Draft second = draft();
    second.answers.add(answer(key("k"), "op-2"));
    assertThat(refusal(second)).isEqualTo(StoreException.Kind.CONFLICT);

    Store.Found found =
        find(wanted ->
            wanted
                .answers()
                .addAll(
                    Set.of(
                        key("k"),
                        key("other"),
                        new Store.AnswerKey(namespace, "bob", "runs.submit", "k"),
                        new Store.AnswerKey(namespace, "alice", "runs.cancel", "k"))));

    assertThat(found.answers()).containsOnlyKeys(key("k"));
    assertThat(found.answers().get(key("k")))
        .usingRecursiveComparison()
        .isEqualTo(new Store.FirstAnswer("hmac-1", "k1", outcome("op-1", 201)));
  }

  @Test
  void whatBecameOfAnOperationIsWrittenOnce() {
    Draft first = draft();
    first.operations.add(operation("op-1", 201));
    commit(first);
    Draft repeat = draft();
    repeat.operations.add(operation("op-1", 409));
    commit(repeat);
    Store.OperationName name = new Store.OperationName(namespace, "op-1");
    Store.OperationName foreign =
        new Store.OperationName(new NamespaceId("other-" + namespace), "op-1");

    Store.Found found = find(wanted -> wanted.operations().addAll(Set.of(name, foreign)));

    assertThat(found.operations()).containsOnlyKeys(name);
    assertThat(found.operations().get(name).status()).isEqualTo(201);
  }

  @Test
  void aLateReportIsKeptOnceWhoeverRepeatsIt() {
    RunState run = submitted(1);
    AttemptId attempt = AttemptId.derive(lane, run.runUid(), 99);
    Changes.LateReport late =
        new Changes.LateReport(
            "late-" + namespace,
            run.runUid(),
            namespace,
            attempt,
            "ATTEMPT.FENCED",
            Messages.WORKER,
            "{}",
            now);
    for (int i = 0; i < 2; i++) {
      Draft draft = draft();
      draft.lateReports.add(late);
      commit(draft);
    }

    assertThat(subject.lateReports("late-" + namespace)).isOne();
  }

  @Test
  void aPoisonedMessageIsStoredOnceForItsPlaceInTheStream() {
    Changes.PoisonRow row =
        new Changes.PoisonRow(lane, "l-" + namespace, 5, "INTERNAL.POISON", "cause", "text", now);
    Draft first = draft();
    first.poison.add(row);
    commit(first);
    Draft again = draft();
    again.poison.add(row);

    assertThat(refusal(again)).isEqualTo(StoreException.Kind.CONFLICT);
    assertThat(subject.poison("l-" + namespace)).isOne();
  }

  @Test
  void aCommitThatFailsHalfwayLeavesNothing() {
    Draft taken = draft();
    taken.answers.add(answer(key("taken"), "op-0"));
    commit(taken);
    InboxCursor before = lanes.get(lane).cursor;
    Draft draft = draft();
    RunState run = draft.submit(namespace, runId, 1, "s-1");
    AttemptId attempt = draft.claim(run, "claim-" + namespace).attemptId();
    draft.cursors.put(lane, new InboxCursor("life", 99));
    draft.operations.add(operation("op-1", 201));
    draft.poison.add(
        new Changes.PoisonRow(lane, "l-" + namespace, 5, "INTERNAL.POISON", "cause", "text", now));
    draft.answers.add(answer(key("fresh"), "op-1"));
    draft.answers.add(answer(key("taken"), "op-1"));

    assertThat(refusal(draft)).isEqualTo(StoreException.Kind.CONFLICT);

    Store.OperationName name = new Store.OperationName(namespace, "op-1");
    Store.Found found =
        find(wanted -> {
          wanted.runs().add(new Store.RunName(namespace, runId));
          wanted.attempts().add(attempt);
          wanted.operations().add(name);
          wanted.answers().add(key("fresh"));
          wanted.opening().add(lane);
        });
    assertThat(found.runs()).isEmpty();
    assertThat(found.attempts()).isEmpty();
    assertThat(found.operations()).isEmpty();
    assertThat(found.answers()).isEmpty();
    assertThat(found.opened().get(lane).cursor()).isEqualTo(before);
    assertThat(load(Set.of(run.runUid()))).isEmpty();
    assertThat(subject.poison("l-" + namespace)).isZero();
    assertThat(subject.table().after(lane, lanes.get(lane).position, 10)).isEmpty();
  }

  @Test
  void aCommitMayBeRepeatedAfterAConflictWasTakenOut() {
    submitted(1);
    Draft conflicting = draft();
    conflicting.submit(namespace, runId, 1, "s-2");
    assertThat(refusal(conflicting)).isEqualTo(StoreException.Kind.CONFLICT);

    Draft other = draft();
    RunState run = other.submit(namespace, new RunId("run-other"), 1, "s-1");
    commit(other);

    assertThat(folded(run.runUid())).isEqualTo(run);
  }
}
