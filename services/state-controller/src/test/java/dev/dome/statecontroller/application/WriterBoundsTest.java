package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.KernelReasonCodes;
import dev.dome.statecontroller.adapter.db.PgJournalTable;
import dev.dome.statecontroller.adapter.db.PgStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How much one batch, one claim and one run may be. */
class WriterBoundsTest extends DrivenWriter {
  private BatchBudget.Limits limits = BatchBudget.Limits.DEFAULT;
  private long msPerLook;

  @Override
  LaneWriter writer(Mailbox box, Recorder recorder) {
    LaneWriter.Pace usual = LaneWriter.Pace.DEFAULT;
    return new LaneWriter(
        replica,
        new LaneWriter.Ports(
            recorder,
            new PgStore(PgFixture.pool()),
            recorder,
            recorder,
            recorder,
            () -> now += msPerLook),
        box,
        TestPolicies::standard,
        recorder,
        new LaneWriter.Pace(
            usual.maxBatch(),
            usual.cacheWeight(),
            600_000,
            usual.outageMs(),
            usual.hintEveryMs(),
            usual.maxBackoffMs(),
            limits));
  }

  private void bounded(BatchBudget.Limits other) {
    limits = other;
    release();
    own();
  }

  private static final int RUNS = 5;

  private static final Lane LANE = new Lane(3);

  private List<RunId> idsOfTheLane() {
    return IntStream.iterate(1, i -> i + 1)
        .mapToObj(i -> new RunId("run-" + i))
        .filter(runId -> Lane.of(namespace, runId, 16).equals(LANE))
        .limit(RUNS)
        .toList();
  }

  /** Submissions to one lane, in one batch unless it ends early. */
  private List<InboxMessage> submissions() {
    List<InboxMessage> messages = new ArrayList<>();
    idsOfTheLane()
        .forEach(runId ->
            messages.add(Messages.submit(operation(), namespace, runId, Messages.chain(runId, 1))));
    messages.forEach(this::deliver);
    return messages;
  }

  private void assertDecidedInTurn(List<InboxMessage> messages, int batches) {
    assertThat(said.outcomes.keySet())
        .containsExactlyElementsOf(messages.stream().map(InboxMessage::operationId).toList());
    assertThat(said.outcomes.values()).allMatch(outcome -> outcome.status() == 201);
    assertThat(batches).isGreaterThanOrEqualTo(RUNS);
  }

  @Test
  void aBatchEndsEarlyByItsRowsAndTheNextGoesOnInOrder() {
    bounded(new BatchBudget.Limits(1_000, 1, 1 << 20));
    List<InboxMessage> messages = submissions();
    int before = said.batches;
    writer.turn();
    assertThat(said.outcomes).hasSize(1);
    assertThat(
            PgFixture.count(
                "SELECT inbox_sequence FROM lane_cursor WHERE lane = 3 AND inbox_incarnation = $1",
                "life-" + namespace))
        .isEqualTo(sequence - RUNS + 1);
    drive();

    assertDecidedInTurn(messages, said.batches - before);
  }

  @Test
  void aBatchEndsEarlyByTheLengthOfItsRows() {
    bounded(new BatchBudget.Limits(1_000, 1_000, 500));
    List<InboxMessage> messages = submissions();
    int before = said.batches;
    drive();

    assertDecidedInTurn(messages, said.batches - before);
  }

  @Test
  void aBatchEndsEarlyByItsTime() {
    bounded(new BatchBudget.Limits(1_000, 1_000, 1 << 20));
    msPerLook = 1_000;
    List<InboxMessage> messages = submissions();
    int before = said.batches;
    drive();

    assertDecidedInTurn(messages, said.batches - before);
  }

  @Test
  void grantsThatDoNotFitIntoABatchComeWithTheNext() {
    List<InboxMessage> messages = submissions();
    drive();
    assertThat(said.outcomes).hasSameSizeAs(messages);
    bounded(new BatchBudget.Limits(1_000, 1, 1 << 20));

    assertThat(claim("some", RUNS)).hasSize(1);
    assertThat(claim("others", RUNS)).hasSize(1);
  }

  @Test
  void aClaimIsGrantedWhatOneMessageHoldsAndTheNextGetsTheRest() {
    for (int i = 0; i < RUNS; i++) {
      RunId runId = new RunId("run-" + i);
      outcome(Messages.submit(operation(), namespace, runId, large(runId, 400_000)));
    }

    List<Claim.GrantedTask> first = claim("first", 9);
    assertThat(first).hasSize(2);
    assertThat(Json.write(first).length).isLessThan(GrantedTasks.MAX_BYTES);
    assertThat(claim("second", 9)).hasSize(2);
    assertThat(claim("third", 9)).hasSize(1);
  }

  @Test
  void aTaskThatFillsAMessageIsGrantedAlone() {
    for (int i = 0; i < 2; i++) {
      RunId runId = new RunId("run-" + i);
      assertThat(
              outcome(Messages.submit(operation(), namespace, runId, large(runId, 1_040_000)))
                  .status())
          .isEqualTo(201);
    }

    assertThat(claim("first", 9)).hasSize(1);
    assertThat(claim("second", 9)).hasSize(1);
  }

  @Test
  void largeRowsAreReadForPublicationInSeveralPagesWithoutAGap() {
    JournalTable table = new PgJournalTable(PgFixture.pool());
    long before = PgFixture.count("SELECT position FROM lane_cursor WHERE lane = 3");
    idsOfTheLane()
        .forEach(runId ->
            outcome(Messages.submit(operation(), namespace, runId, large(runId, 900_000))));
    long last = PgFixture.count("SELECT position FROM lane_cursor WHERE lane = 3");

    List<Long> positions = new ArrayList<>();
    int pages = 0;
    long position = before;
    for (var page = table.after(LANE, position, 500); !page.isEmpty(); pages++) {
      page.forEach(row -> positions.add(row.lanePosition()));
      position = page.getLast().lanePosition();
      page = table.after(LANE, position, 500);
    }
    assertThat(positions)
        .containsExactlyElementsOf(LongStream.rangeClosed(before + 1, last).boxed().toList());
    assertThat(pages).isGreaterThan(1);
  }

  /** A run of one task that is told that much. */
  private static ObjectNode large(RunId runId, int bytes) {
    ObjectNode document = (ObjectNode) Messages.chain(runId, 1);
    ((ObjectNode) document.at("/tasks/0")).put("goal", "x".repeat(bytes));
    return document;
  }

  @Test
  void aPlanThatNoMessageHoldsIsRefused() {
    RunId runId = new RunId("run-1");
    ObjectNode document = (ObjectNode) Messages.chain(runId, 1);
    ArrayNode tasks = document.putArray("tasks");
    for (int i = 0; i < 9_000; i++) {
      tasks.addObject().put("task_id", "t" + i).put("goal", "g");
    }
    Outcome refused = outcome(Messages.submit(operation(), namespace, runId, document));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.reasonCode()).isEqualTo(KernelReasonCodes.REQUEST_LIMIT_EXCEEDED);
    assertThat(refused.detail()).contains("plan").contains("1400000");
    assertThat(PgFixture.count("SELECT count(*) FROM run WHERE namespace = $1", namespace.value()))
        .isZero();
    assertThat(submit(runId, 1).status()).isEqualTo(201);
  }

  @Test
  void aDocumentThatNoMessageHoldsOnceItIsRecordedIsRefused() {
    RunId runId = new RunId("run-1");
    ObjectNode document = (ObjectNode) Messages.chain(runId, 1);
    ArrayNode numbers = document.putArray("numbers");
    for (int i = 0; i < 150_000; i++) {
      numbers.add(1e20);
    }
    Outcome refused = outcome(Messages.submit(operation(), namespace, runId, document));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.detail()).contains("document").contains("1800000");
  }
}
