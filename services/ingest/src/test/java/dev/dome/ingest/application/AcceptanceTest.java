package dev.dome.ingest.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AcceptanceTest {
  private static final Lane LANE = new Lane(3);
  private static final int MOST = 2;

  private final Inner inner = new Inner();
  private final Admission admission =
      new Admission(new Admission.Bounds(1, MOST, Duration.ofSeconds(10)));
  private final Acceptance acceptance =
      new Acceptance(inner, inner, Duration.ofSeconds(2), inner, admission);

  /** The ports, played: what is published waits until the test says what became of it. */
  private static final class Inner implements Inbox, Outcomes, AcceptanceMeter {
    private final List<String> published = new ArrayList<>();
    private final Map<String, CompletableFuture<Optional<Outcome>>> waiting = new HashMap<>();
    private Publication publication = new Publication.Stored(1);

    @Override
    public CompletionStage<Publication> publish(Lane lane, InboxMessage message) {
      published.add(message.operationId());
      return CompletableFuture.completedStage(publication);
    }

    @Override
    public String replyTo() {
      return "dome.replies.test";
    }

    @Override
    public CompletionStage<Optional<Outcome>> await(String operationId, Duration wait) {
      return waiting.computeIfAbsent(operationId, id -> new CompletableFuture<>());
    }

    @Override
    public void forget(String operationId) {
      waiting.get(operationId).complete(Optional.empty());
    }

    @Override
    public void published(Publication answer, long elapsedNs) {}

    @Override
    public void waited(boolean decided, long elapsedNs) {}
  }

  private CompletableFuture<Answer> accept(InboxKind kind, String operationId) {
    InboxMessage message =
        new InboxMessage(
            operationId,
            kind,
            new NamespaceId("team"),
            null,
            null,
            null,
            null,
            0,
            null,
            inner.replyTo(),
            Json.mapper().createObjectNode());
    return acceptance.accept(LANE, message).toCompletableFuture();
  }

  private void fillTheWindow() {
    for (int i = 0; i < MOST; i++) {
      assertThat(accept(InboxKind.SUBMIT_RUN, "op-" + i)).isNotDone();
    }
  }

  @Test
  void aSubmissionBeyondTheWindowIsShedByNameAndNothingOfItIsPublished() {
    fillTheWindow();

    Answer answer = accept(InboxKind.SUBMIT_RUN, "op-shed").join();

    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Unavailable.class,
            shed -> {
              assertThat(shed.refusal().code().value()).isEqualTo("INFRA.OVERLOADED");
              assertThat(shed.refusal().httpStatus()).isEqualTo(503);
              assertThat(shed.stored()).isEqualTo(Answer.Stored.NO);
              assertThat(shed.retryAfterSeconds()).isPositive();
              assertThat(shed.operationId()).isEqualTo("op-shed");
            });
    assertThat(inner.published).doesNotContain("op-shed");
    assertThat(inner.waiting).doesNotContainKey("op-shed");
  }

  @Test
  void whatEndsWorkUnderWayIsTakenWhileSubmissionsAreShed() {
    fillTheWindow();

    assertThat(accept(InboxKind.REPORT_RESULT, "op-result")).isNotDone();
    assertThat(accept(InboxKind.CANCEL_RUN, "op-cancel")).isNotDone();

    assertThat(inner.published).contains("op-result", "op-cancel");
  }

  @Test
  void aPlaceIsGivenBackWhenNothingCameInTime() {
    fillTheWindow();

    inner.waiting.get("op-0").complete(Optional.empty());

    assertThat(admission.undecided()).isEqualTo(MOST - 1);
  }

  @Test
  void aPlaceIsGivenBackWhenTheInboxDidNotTakeIt() {
    for (Inbox.Publication refused :
        List.of(
            new Inbox.Publication.Full(),
            new Inbox.Publication.TooLarge(),
            new Inbox.Publication.Away(),
            new Inbox.Publication.Unanswered())) {
      inner.publication = refused;

      assertThat(accept(InboxKind.SUBMIT_RUN, "op-" + refused)).isDone();

      assertThat(admission.undecided()).as(refused.toString()).isZero();
    }
  }
}
