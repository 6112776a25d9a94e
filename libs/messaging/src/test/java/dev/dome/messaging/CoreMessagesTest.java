package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Outcome;
import dev.dome.messaging.CoreMessages.Answer;
import dev.dome.messaging.CoreMessages.Incoming;
import dev.dome.messaging.OutcomeAwaiter.Awaited;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoreMessagesTest {
  private static final String SUBJECT = "dome.claims.any";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void a_request_is_answered_and_carries_the_trace_context() throws Exception {
    try (Rig rig = Rig.start(directory);
        CoreMessages core = rig.link.core()) {
      BlockingQueue<Incoming> incoming = new LinkedBlockingQueue<>();
      core.listen(
          SUBJECT,
          "group",
          message -> {
            incoming.add(message);
            core.send(message.replyTo(), bytes("answer"), null);
          });

      Answer answer = Rig.get(core.request(SUBJECT, bytes("question"), PATIENCE, "00-trace"));

      assertThat(answer)
          .isInstanceOfSatisfying(
              Answer.Replied.class,
              reply -> assertThat(reply.body()).asString().isEqualTo("answer"));
      Incoming seen = incoming.take();
      assertThat(seen.traceparent()).isEqualTo("00-trace");
      assertThat(seen.body()).asString(StandardCharsets.UTF_8).isEqualTo("question");
    }
  }

  @Test
  void what_is_larger_than_the_server_takes_is_not_sent_and_the_next_is() throws Exception {
    try (Rig rig = Rig.start(directory);
        CoreMessages core = rig.link.core()) {
      BlockingQueue<Incoming> incoming = new LinkedBlockingQueue<>();
      core.listen(SUBJECT, "group", incoming::add);

      assertThat(core.send(SUBJECT, new byte[64 << 20], null)).isFalse();

      assertThat(core.send(SUBJECT, bytes("small"), null)).isTrue();
      assertThat(incoming.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isNotNull();
    }
  }

  @Test
  void nobody_there_silence_and_a_lost_link_are_told_apart() throws Exception {
    try (Rig rig = Rig.start(directory);
        CoreMessages core = rig.link.core()) {
      core.listen("dome.heartbeats.1", message -> {});

      assertThat(Rig.get(core.request(SUBJECT, bytes("q"), PATIENCE, null)))
          .isEqualTo(new Answer.NoResponder());
      assertThat(
              Rig.get(core.request("dome.heartbeats.1", bytes("q"), Duration.ofMillis(50), null)))
          .isEqualTo(new Answer.TimedOut());

      rig.server.kill();
      Awaitility.await().until(() -> !rig.link.connected());
      assertThat(Rig.get(core.request(SUBJECT, bytes("q"), PATIENCE, null)))
          .isInstanceOf(Answer.Unavailable.class);
      assertThat(core.send(SUBJECT, bytes("q"), null)).isFalse();
    }
  }

  @Test
  void each_message_comes_to_one_of_a_queue_group_and_to_every_plain_listener() throws Exception {
    try (Rig rig = Rig.start(directory);
        CoreMessages core = rig.link.core()) {
      Map<String, Integer> counts = new ConcurrentHashMap<>();
      core.listen(SUBJECT, "group", message -> counts.merge("group", 1, Integer::sum));
      core.listen(SUBJECT, "group", message -> counts.merge("group", 1, Integer::sum));
      core.listen(SUBJECT, message -> counts.merge("plain", 1, Integer::sum));

      for (int i = 0; i < 100; i++) {
        core.send(SUBJECT, bytes("x"), null);
      }

      Awaitility.await()
          .untilAsserted(() -> assertThat(counts).isEqualTo(Map.of("group", 100, "plain", 100)));
    }
  }

  @Test
  void a_forwarded_request_is_answered_to_its_asker() throws Exception {
    try (Rig rig = Rig.start(directory);
        CoreMessages core = rig.link.core()) {
      core.listen(
          SUBJECT, m -> core.send("dome.claims.replica.b", m.replyTo(), m.body(), m.traceparent()));
      core.listen("dome.claims.replica.b", m -> core.send(m.replyTo(), bytes("from b"), null));

      Answer answer = Rig.get(core.request(SUBJECT, bytes("q"), PATIENCE, null));

      assertThat(answer)
          .isInstanceOfSatisfying(
              Answer.Replied.class,
              reply -> assertThat(reply.body()).asString().isEqualTo("from b"));
    }
  }

  @Test
  void listeners_go_on_after_a_restart_and_after_a_handler_threw() throws Exception {
    try (Rig rig = Rig.start(directory);
        CoreMessages core = rig.link.core()) {
      BlockingQueue<String> seen = new LinkedBlockingQueue<>();
      core.listen(
          SUBJECT,
          message -> {
            seen.add(new String(message.body(), StandardCharsets.UTF_8));
            throw new IllegalStateException("planned");
          });
      rig.killAndRestart();
      Connected.await(rig.link);

      core.send(SUBJECT, bytes("one"), null);
      core.send(SUBJECT, bytes("two"), null);

      assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo("one");
      assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo("two");
    }
  }

  @Test
  void an_outcome_finds_whoever_awaits_its_operation() throws Exception {
    try (Rig rig = Rig.start(directory);
        CoreMessages core = rig.link.core();
        OutcomeAwaiter awaiter = new OutcomeAwaiter(rig.link, "ingest-1")) {
      var wanted = awaiter.await("operation-1", PATIENCE);
      var late = awaiter.await("operation-2", Duration.ofMillis(50));

      core.send(awaiter.replyTo(), bytes("not json"), null);
      core.send(awaiter.replyTo(), Json.write(outcome("operation-9")), null);
      core.send(awaiter.replyTo(), Json.write(outcome("operation-1")), null);

      assertThat(Rig.get(wanted)).isEqualTo(new Awaited.Arrived(outcome("operation-1")));
      assertThat(Rig.get(late)).isEqualTo(new Awaited.NotYet());
      assertThat(awaiter.waiting()).isZero();
    }
  }

  private static Outcome outcome(String operationId) {
    return new Outcome(operationId, 201, null, null, null, null, null);
  }
}
