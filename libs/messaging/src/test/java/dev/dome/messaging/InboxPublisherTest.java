package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.InboxPublisher.Addressed;
import dev.dome.messaging.Publication.Cause;
import dev.dome.messaging.Publication.Failed;
import io.nats.client.Dispatcher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxPublisherTest {
  private static final Lane LANE = new Lane(0);

  @TempDir Path directory;

  @Test
  void messages_are_stored_in_the_order_they_were_published_in() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      InboxPublisher publisher = rig.link.inboxPublisher();
      List<CompletableFuture<Publication>> futures = new ArrayList<>();

      for (int number = 1; number <= 500; number++) {
        futures.add(publisher.publish(LANE, Inputs.message(number)));
      }

      for (int number = 1; number <= 500; number++) {
        assertThat(Rig.stored(futures.get(number - 1))).isEqualTo(number);
      }
      assertThat(publisher.waiting()).isZero();
    }
  }

  @Test
  void a_full_stream_pushes_back_and_takes_messages_again_once_it_was_trimmed() throws Exception {
    try (Rig rig = Rig.start(directory, new StreamsConfig(64 << 10, 1 << 20, 1))) {
      InboxPublisher publisher = rig.link.inboxPublisher();
      String filling = "x".repeat(10_000);
      Publication publication = Rig.get(publisher.publish(LANE, Inputs.message(0, filling)));
      long last = 0;
      while (publication instanceof Publication.Stored(long sequence)) {
        last = sequence;
        publication = Rig.get(publisher.publish(LANE, Inputs.message(0, filling)));
      }

      assertThat(publication)
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.cause()).isEqualTo(Cause.STREAM_FULL));
      assertThat(rig.streams.usage(Subjects.INBOX_STREAM).ratio()).isGreaterThan(0.7);
      rig.streams.purgeUpTo(Subjects.INBOX_STREAM, Subjects.inbox(LANE), last);
      assertThat(Rig.stored(publisher.publish(LANE, Inputs.message(0)))).isGreaterThan(last);
    }
  }

  @Test
  void one_publish_more_than_the_window_is_refused_at_once() throws Exception {
    LinkBudget narrow = LinkBudget.DEFAULT.withPublishing(1_000, 1, 1_000);
    try (Rig rig = Rig.start(directory, StreamsConfig.DEFAULT, narrow)) {
      InboxPublisher publisher = rig.link.inboxPublisher();
      rig.server.pause();

      var first = publisher.publish(LANE, Inputs.message(1));
      var second = publisher.publish(LANE, Inputs.message(2));

      assertThat(second).isCompletedWithValueMatching(p -> cause(p) == Cause.WINDOW_FULL);
      assertThat(cause(Rig.get(first))).isEqualTo(Cause.TIMED_OUT);
      rig.server.resume();
      assertThat(publisher.waiting()).isZero();
    }
  }

  @Test
  void without_a_server_a_publish_fails_at_once_and_works_again_after_the_restart()
      throws Exception {
    try (Rig rig = Rig.start(directory)) {
      InboxPublisher publisher = rig.link.inboxPublisher();
      rig.server.kill();
      Awaitility.await().until(() -> !rig.link.connected());

      assertThat(cause(Rig.get(publisher.publish(LANE, Inputs.message(1)))))
          .isEqualTo(Cause.UNAVAILABLE);

      rig.server.restart();
      Connected.await(rig.link);
      assertThat(Rig.stored(publisher.publish(LANE, Inputs.message(2)))).isEqualTo(1);
    }
  }

  @Test
  void a_message_beyond_the_servers_maximum_is_too_large() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      String filling = "x".repeat((int) rig.link.connection().getMaxPayload());

      var publication = rig.link.inboxPublisher().publish(LANE, Inputs.message(1, filling));

      assertThat(cause(Rig.get(publication))).isEqualTo(Cause.TOO_LARGE);
    }
  }

  @Test
  void messages_of_one_call_are_read_in_order_each_with_its_own_trace() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      BlockingQueue<Integer> read = new LinkedBlockingQueue<>();
      BlockingQueue<String> traces = new LinkedBlockingQueue<>();
      Dispatcher headers =
          rig.link
              .connection()
              .createDispatcher(message -> traces.add(TraceHeaders.read(message)))
              .subscribe(Subjects.inbox(LANE));

      Publication all =
          Rig.get(
              rig.link
                  .inboxPublisher()
                  .publishAll(
                      IntStream.rangeClosed(1, 40)
                          .mapToObj(number -> new Addressed(LANE, Inputs.message(number)))
                          .toList()));

      assertThat(all).isEqualTo(new Publication.Stored(40));
      LaneInbox.Sink sink = delivery -> read.add(Inputs.number(delivery.body()));
      try (LaneInbox inbox = LaneInbox.read(rig.link, LANE, InboxPosition.START, sink)) {
        Awaitility.await().until(() -> read.size() == 40 && traces.size() == 40);
        assertThat(inbox.lane()).isEqualTo(LANE);
      }
      assertThat(read).containsExactlyElementsOf(IntStream.rangeClosed(1, 40).boxed().toList());
      assertThat(traces).containsOnly(Inputs.message(1).traceparent());
      assertThat(headers.isActive()).isTrue();
    }
  }

  @Test
  void messages_of_one_call_go_to_their_own_lanes() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      Lane other = new Lane(LANE.number() + 1);

      Publication all =
          Rig.get(
              rig.link
                  .inboxPublisher()
                  .publishAll(
                      List.of(
                          new Addressed(LANE, Inputs.message(1)),
                          new Addressed(other, Inputs.message(2)),
                          new Addressed(LANE, Inputs.message(3)))));

      assertThat(all).isEqualTo(new Publication.Stored(3));
      assertThat(read(rig, LANE, 2)).containsExactly(1, 3);
      assertThat(read(rig, other, 1)).containsExactly(2);
    }
  }

  private static List<Integer> read(Rig rig, Lane lane, int messages) {
    BlockingQueue<Integer> read = new LinkedBlockingQueue<>();
    LaneInbox.Sink sink = delivery -> read.add(Inputs.number(delivery.body()));
    try (LaneInbox inbox = LaneInbox.read(rig.link, lane, InboxPosition.START, sink)) {
      Awaitility.await().until(() -> read.size() == messages);
      assertThat(inbox.lane()).isEqualTo(lane);
      return List.copyOf(read);
    }
  }

  @Test
  void of_messages_that_do_not_fit_together_none_is_stored() throws Exception {
    try (Rig rig = Rig.start(directory, new StreamsConfig(64 << 10, 1 << 20, 1))) {
      String filling = "x".repeat(20_000);

      Publication all =
          Rig.get(
              rig.link
                  .inboxPublisher()
                  .publishAll(
                      IntStream.rangeClosed(1, 5)
                          .mapToObj(number ->
                              new Addressed(new Lane(number), Inputs.message(number, filling)))
                          .toList()));

      assertThat(cause(all)).isEqualTo(Cause.STREAM_FULL);
      assertThat(rig.streams.usage(Subjects.INBOX_STREAM).messages()).isZero();
    }
  }

  private static Cause cause(Publication publication) {
    return publication instanceof Failed failed ? failed.cause() : null;
  }
}
