package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.PublishedRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients saw, held against a run of namespace team-a; each doctored answer is found. */
class AnswerInvariantsTest {
  private static final String RUN = "golden-cancel";
  private final List<PublishedRow> rows = Journals.named("cancel");
  private final List<OperationSeen> operations =
      new ArrayList<>(OperationInvariantsTest.operationsOf(rows));
  private final List<ObjectNode> lines = new ArrayList<>();
  @TempDir private Path directory;

  private ObjectNode line(String path, int status, String operationId) {
    ObjectNode line = Json.mapper().createObjectNode();
    line.put("at", "2026-11-18T11:06:40.000Z").put("namespace", "team-a");
    line.put("principal", "alice").put("method", "POST");
    line.put("path", "/v1/namespaces/team-a/" + path).put("body_sha256", "b");
    if (status > 0) {
      line.put("status", status).put("answer_sha256", "a");
    }
    if (operationId != null) {
      line.put("operation_id", operationId);
    }
    lines.add(line);
    return line;
  }

  private AnswerInvariants read() {
    try {
      Path file = directory.resolve("answers.jsonl");
      Files.writeString(
          file, String.join("\n", lines.stream().map(ObjectNode::toString).toList()) + "\n");
      return AnswerInvariants.read(file, "team-a");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Violation> found() {
    AnswerInvariants answers = read();
    answers.collect(Journals.run(rows), operations);
    return answers.check(false);
  }

  private List<Invariant> broken() {
    return found().stream().map(Violation::invariant).toList();
  }

  @Test
  void answersWithTheirPlaceInTheRecordHold() {
    line("runs", 201, "op-1").put("run_id", RUN);
    line("runs", 0, null).put("run_id", RUN);
    line("runs", 503, "op-shed").put("run_id", RUN).put("reason_code", "INFRA.INBOX_FULL");

    AnswerInvariants answers = read();
    answers.collect(Journals.run(rows), operations);

    assertThat(answers.check(false)).isEmpty();
    assertThat(answers.accepted()).isEqualTo(1);
    assertThat(answers.unknown()).isEqualTo(1);
    assertThat(answers.shed()).isEqualTo(1);
    assertThat(answers.runs()).containsExactly(RUN);
  }

  @Test
  void anAcceptedAnswerThatIsNowhereIsFound() {
    line("runs", 201, "op-lost").put("run_id", RUN);
    assertThat(broken()).containsExactly(Invariant.ONE_EVENT_PER_ANSWER);
  }

  @Test
  void anAcceptedAnswerWithoutAnOperationIsFound() {
    line("runs/" + RUN + "/cancel", 200, null).put("run_id", RUN);
    assertThat(broken()).containsExactly(Invariant.ONE_EVENT_PER_ANSWER);
  }

  @Test
  void anAnswerThatIsRecordedDifferentlyIsFound() {
    operations.add(
        OperationInvariantsTest.operation("op-9", "CANCEL_RUN", 409, Optional.empty(), 2));
    line("runs/" + RUN + "/cancel", 200, "op-9").put("run_id", RUN);
    assertThat(broken()).containsExactly(Invariant.ONE_EVENT_PER_ANSWER);
  }

  @Test
  void anAttemptThatNoRowClaimsIsFound() {
    ObjectNode claim = line("queues/default/claims", 200, null).put("claim_id", "c");
    claim.putArray("granted").addObject().put("run_id", RUN).put("attempt_id", "att-none");
    assertThat(broken()).containsExactly(Invariant.ONE_EVENT_PER_ANSWER);
  }

  @Test
  void silenceIsUnknownAndNeverLost() {
    line("runs", 0, null).put("run_id", "golden-none");
    line("runs", 503, "op-x").put("reason_code", "INFRA.NATS_UNAVAILABLE").put("run_id", RUN);
    assertThat(found()).isEmpty();
  }

  @Test
  void twoAnswersToOneKeyAndBodyAreFound() {
    line("runs", 201, "op-1").put("run_id", RUN).put("idempotency_key", "k");
    line("runs", 201, "op-1").put("run_id", RUN).put("idempotency_key", "k");
    assertThat(found()).isEmpty();

    lines.getLast().put("answer_sha256", "other");
    assertThat(broken()).containsExactly(Invariant.SAME_KEY_SAME_ANSWER);
  }

  @Test
  void anotherBodyUnderOneKeyMustConflict() {
    line("runs", 201, "op-1").put("run_id", RUN).put("idempotency_key", "k");
    ObjectNode other = line("runs", 409, "op-2").put("run_id", RUN).put("idempotency_key", "k");
    other.put("body_sha256", "c").put("reason_code", "IDEMPOTENCY.CONFLICT");
    assertThat(found()).isEmpty();

    other.put("status", 422).put("reason_code", "PLAN.CYCLE");
    assertThat(broken()).containsExactly(Invariant.SAME_KEY_SAME_ANSWER);
  }

  @Test
  void aShedOperationThatIsFoundInTheRecordIsFound() {
    line("runs/" + RUN + "/cancel", 503, "op-shed").put("reason_code", "INFRA.INBOX_FULL");
    operations.add(
        OperationInvariantsTest.operation("op-shed", "CANCEL_RUN", 409, Optional.empty(), 2));
    assertThat(broken()).containsExactly(Invariant.SHED_LEAVES_NOTHING);
  }

  @Test
  void aShedOperationThatWroteARowIsFound() {
    line("runs/" + RUN + "/cancel", 429, "op-1").put("reason_code", "RATE.LIMITED");
    operations.clear();
    assertThat(broken()).containsExactly(Invariant.SHED_LEAVES_NOTHING);
  }

  @Test
  void aRunWhoseEverySubmissionWasShedIsFound() {
    String runId = rows.getFirst().envelope().runId().value();
    line("runs", 429, "op-shed").put("run_id", runId).put("reason_code", "RATE.LIMITED");
    assertThat(broken()).containsExactly(Invariant.SHED_LEAVES_NOTHING);
  }

  @Test
  void aShedClaimThatWasGrantedIsFound() {
    String claimId =
        rows.stream()
            .filter(row -> row.envelope().topic().equals("task.claimed"))
            .findFirst()
            .map(row -> row.envelope().payload().path("claim_id").asText())
            .orElseThrow();
    line("queues/default/claims", 503, null)
        .put("claim_id", claimId)
        .put("reason_code", "INFRA.OVERLOADED");
    assertThat(broken()).containsExactly(Invariant.SHED_LEAVES_NOTHING);
  }

  @Test
  void evidenceThatIsStoredThoughItsUploadWasShedIsFound() {
    line("evidence/abc", 503, null).put("method", "PUT").put("reason_code", "INFRA.OVERLOADED");
    AnswerInvariants answers = read();
    assertThat(answers.shedEvidence()).containsExactly("abc");

    answers.evidenceFound("abc");
    assertThat(answers.check(false))
        .singleElement()
        .extracting(Violation::invariant)
        .isEqualTo(Invariant.SHED_LEAVES_NOTHING);
  }

  @Test
  void againstJournalsAloneARepeatIsNotHeldAgainstTheRecord() {
    String runId = rows.getFirst().envelope().runId().value();
    line("runs", 201, "op-1").put("run_id", runId);
    line("runs", 201, "op-again").put("run_id", runId);
    line("runs/" + runId + "/cancel", 200, "op-lost").put("run_id", runId);
    line("runs/other/cancel", 200, "op-elsewhere").put("run_id", "other");
    AnswerInvariants answers = read();
    answers.collect(Journals.run(rows), List.of());

    assertThat(answers.check(true))
        .singleElement()
        .satisfies(found -> assertThat(found.detail()).contains("op-lost"));
  }

  @Test
  void linesOfOtherNamespacesArePassedByAndNonsenseIsRefused() throws IOException {
    line("runs", 201, "op-lost").put("namespace", "team-b");
    assertThat(found()).isEmpty();

    Path file = Files.writeString(directory.resolve("bad.jsonl"), "{\"at\":1}\n");
    assertThatThrownBy(() -> AnswerInvariants.read(file, "team-a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("line 1 is not an answer");
  }
}
