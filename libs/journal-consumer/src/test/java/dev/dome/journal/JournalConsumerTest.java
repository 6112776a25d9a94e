package dev.dome.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import dev.dome.journal.config.JournalConfig;
import dev.dome.messaging.JournalBatch;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.messaging.StreamsConfig;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestStack;
import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A consumer over a real stream and a real database; each test has a lane of its own. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "retry-scheduler"))
@QuarkusTestResource(OwnerStub.class)
class JournalConsumerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Inject NatsLink link;
  @Inject RecordedEffects effects;
  @Inject SmallRyeHealthReporter health;
  @Inject MeterRegistry meters;

  @Inject JournalConfig config;

  private void ownerHas(Lane lane, long rows) throws Exception {
    OwnerStub.has(config.stateController().url(), lane, rows);
  }

  private void publish(Lane lane, long from, long to) throws Exception {
    Publication publication =
        link.atomicBatches()
            .publish(Subjects.journal(lane), Lines.bodies(lane, from, to))
            .get(10, TimeUnit.SECONDS);
    assertThat(publication).isInstanceOf(Publication.Stored.class);
  }

  private void awaitApplied(Lane lane, long from, long to) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(effects.of(lane)).containsExactlyElementsOf(Lines.positions(from, to)));
    assertThat(effects.position(lane).await().atMost(PATIENCE)).isEqualTo(to);
  }

  @Test
  void rows_are_applied_in_order_and_acknowledged_once_committed() throws Exception {
    Lane lane = new Lane(1);

    publish(lane, 1, 700);
    publish(lane, 701, 705);

    awaitApplied(lane, 1, 705);
    await()
        .atMost(PATIENCE)
        .until(
            () -> link.streams().backlogs(Subjects.JOURNAL_STREAM).get("journal-test-lane-1") == 0);
  }

  @Test
  void rows_that_come_twice_are_applied_once() throws Exception {
    Lane lane = new Lane(2);

    publish(lane, 1, 10);
    publish(lane, 1, 12);

    awaitApplied(lane, 1, 12);
  }

  @Test
  void rows_that_do_not_come_are_fetched_from_their_owner() throws Exception {
    Lane lane = new Lane(3);
    publish(lane, 1, 2);
    awaitApplied(lane, 1, 2);

    ownerHas(lane, 13);
    publish(lane, 12, 13);

    awaitApplied(lane, 1, 13);
  }

  @Test
  void a_batch_that_failed_comes_again_and_nothing_overtakes_it() throws Exception {
    Lane lane = new Lane(4);
    effects.failNext(lane, 2);

    publish(lane, 1, 5);
    publish(lane, 6, 9);

    awaitApplied(lane, 1, 9);
    assertThat(effects.left(lane)).hasValue(0);
  }

  @Test
  void rows_that_another_process_applied_are_not_applied_again() throws Exception {
    Lane lane = new Lane(5);
    publish(lane, 1, 3);
    awaitApplied(lane, 1, 3);

    effects.appliedElsewhere(new JournalBatch(lane, 3, Lines.rows(lane, 4, 6)));
    publish(lane, 4, 8);

    await().atMost(PATIENCE).until(() -> effects.of(lane).contains(8L));
    assertThat(effects.of(lane)).containsExactly(1L, 2L, 3L, 7L, 8L);
  }

  @Test
  void a_stream_that_was_deleted_and_made_anew_loses_nothing() throws Exception {
    Lane lane = new Lane(6);
    publish(lane, 1, 10);
    awaitApplied(lane, 1, 10);

    deleteStream();
    ownerHas(lane, 15);
    link.streams().ensure(StreamsConfig.DEFAULT);
    publish(lane, 1, 9);
    publish(lane, 14, 15);

    awaitApplied(lane, 1, 15);
  }

  private static void deleteStream() throws Exception {
    Connection outside = Nats.connect(TestStack.shared().nats().url());
    outside.jetStreamManagement().deleteStream(Subjects.JOURNAL_STREAM);
    outside.close();
  }

  @Test
  void what_the_stream_no_longer_has_is_fetched_at_the_start_without_waiting_for_a_row()
      throws Exception {
    Lane lane = OwnerStub.RESTORED;
    long rows = OwnerStub.RESTORED_ROWS;

    awaitApplied(lane, 1, rows);
    publish(lane, rows, rows + 1);

    awaitApplied(lane, 1, rows + 1);
  }

  @Test
  void a_consumer_is_ready_while_it_reads_and_shows_how_far_it_is_behind() throws Exception {
    Lane lane = new Lane(7);

    publish(lane, 1, 1);

    awaitApplied(lane, 1, 1);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(health.getReadiness().getPayload().getString("status")).isEqualTo("UP"));
    await().atMost(PATIENCE).until(() -> meters.get("dome.journal.lag").gauge().value() == 0);
  }
}
