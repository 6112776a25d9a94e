package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaneInboxTest {
  private static final Lane LANE = new Lane(5);

  @TempDir Path directory;

  private final List<Integer> seen = new CopyOnWriteArrayList<>();
  private final List<InboxPosition> positions = new CopyOnWriteArrayList<>();

  private void note(InboxDelivery delivery) {
    seen.add(Inputs.number(delivery.body()));
    positions.add(delivery.position());
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  private void awaitSeen(List<Integer> expected) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(seen).containsExactlyElementsOf(expected));
  }

  private static void publish(Rig rig, int from, int to) throws Exception {
    InboxPublisher publisher = rig.link.inboxPublisher();
    for (int number : numbers(from, to)) {
      Rig.stored(publisher.publish(LANE, Inputs.message(number)));
    }
  }

  @Test
  void reads_its_own_lane_in_order_from_the_message_after_the_position() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      publish(rig, 1, 3);
      Rig.stored(rig.link.inboxPublisher().publish(new Lane(6), Inputs.message(99)));
      InboxPosition after = new InboxPosition(rig.incarnations.inbox(), 1);

      try (LaneInbox inbox = LaneInbox.read(rig.link, LANE, after, this::note)) {
        awaitSeen(numbers(2, 3));
        publish(rig, 4, 4);
        awaitSeen(numbers(2, 4));

        assertThat(positions.getLast()).isEqualTo(new InboxPosition(rig.incarnations.inbox(), 5));
        assertThat(inbox.state()).isEqualTo(new ReaderState.Reading());
      }
    }
  }

  @Test
  void holds_no_more_bytes_than_one_pull_and_goes_on_with_the_next() throws Exception {
    int large = 512 << 10;
    int ofOnePull = LinkBudget.DEFAULT.pullBytes() / large;
    CountDownLatch go = new CountDownLatch(1);
    try (Rig rig = Rig.start(directory)) {
      for (int number : numbers(1, 3 * ofOnePull)) {
        Rig.stored(
            rig.link.inboxPublisher().publish(LANE, Inputs.message(number, "x".repeat(large))));
      }
      LaneInbox.Sink sink =
          delivery -> {
            go.await();
            note(delivery);
          };
      try (LaneInbox inbox = LaneInbox.read(rig.link, LANE, InboxPosition.START, sink)) {
        await().until(() -> delivered(rig) >= ofOnePull - 1);
        List<String> consumers = consumers(rig);
        assertThat(delivered(rig)).isLessThanOrEqualTo(ofOnePull);
        go.countDown();

        awaitSeen(numbers(1, 3 * ofOnePull));
        assertThat(consumers(rig)).isEqualTo(consumers);
        assertThat(inbox.state()).isEqualTo(new ReaderState.Reading());
      }
    }
  }

  private static List<String> consumers(Rig rig) throws Exception {
    return rig.link.connection().jetStreamManagement().getConsumerNames(Subjects.INBOX_STREAM);
  }

  private static long delivered(Rig rig) throws Exception {
    return rig.link.connection().jetStreamManagement().getConsumers(Subjects.INBOX_STREAM).stream()
        .mapToLong(consumer -> consumer.getDelivered().getConsumerSequence())
        .sum();
  }

  @Test
  void resumes_without_gap_or_repeat_when_the_server_is_killed_and_restarted() throws Exception {
    try (Rig rig = Rig.start(directory);
        LaneInbox inbox = LaneInbox.read(rig.link, LANE, InboxPosition.START, this::note)) {
      for (int round = 0; round < 3; round++) {
        publish(rig, 200 * round + 1, 200 * round + 200);
        rig.killAndRestart();
        Connected.await(rig.link);
      }
      publish(rig, 601, 610);

      awaitSeen(numbers(1, 610));
      assertThat(inbox.lane()).isEqualTo(LANE);
    }
  }

  @Test
  void a_sink_that_blocks_pushes_back_and_one_that_throws_gets_the_message_again()
      throws Exception {
    try (Rig rig = Rig.start(directory)) {
      publish(rig, 1, 20);
      CountDownLatch gate = new CountDownLatch(1);
      AtomicBoolean thrown = new AtomicBoolean();
      LaneInbox.Sink sink =
          delivery -> {
            if (Inputs.number(delivery.body()) == 10 && thrown.compareAndSet(false, true)) {
              throw new IllegalStateException("planned");
            }
            note(delivery);
            gate.await();
          };

      try (LaneInbox inbox = LaneInbox.read(rig.link, LANE, InboxPosition.START, sink)) {
        awaitSeen(numbers(1, 1));
        gate.countDown();

        awaitSeen(numbers(1, 20));
        assertThat(thrown).isTrue();
        assertThat(inbox.state()).isEqualTo(new ReaderState.Reading());
      }
    }
  }

  @Test
  void closing_interrupts_a_blocked_sink_and_nothing_is_delivered_afterwards() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      publish(rig, 1, 2);
      LaneInbox.Sink never =
          delivery -> {
            note(delivery);
            new CountDownLatch(1).await();
          };
      LaneInbox inbox = LaneInbox.read(rig.link, LANE, InboxPosition.START, never);
      awaitSeen(numbers(1, 1));

      inbox.close();

      assertThat(inbox.state()).isEqualTo(new ReaderState.Closed());
      assertThat(seen).containsExactly(1);
    }
  }

  @Test
  void a_stream_made_anew_is_read_from_its_beginning_under_its_new_incarnation() throws Exception {
    try (Rig rig = Rig.start(directory);
        LaneInbox inbox = LaneInbox.read(rig.link, LANE, InboxPosition.START, this::note)) {
      publish(rig, 1, 5);
      awaitSeen(numbers(1, 5));

      rig.link.connection().jetStreamManagement().deleteStream(Subjects.INBOX_STREAM);
      var anew = rig.streams.ensure(StreamsConfig.DEFAULT);
      publish(rig, 6, 7);

      awaitSeen(numbers(1, 7));
      assertThat(positions.getLast()).isEqualTo(new InboxPosition(anew.inbox(), 2));
      assertThat(inbox.state()).isEqualTo(new ReaderState.Reading());
    }
  }
}
