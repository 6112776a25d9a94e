package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.contracts.wire.Subjects;
import dev.dome.system.Suite.Running;
import dev.dome.verification.invariant.InvariantReport;
import dev.dome.verification.invariant.InvariantReport.Line;
import dev.dome.verification.invariant.InvariantReport.Verdict;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An inbox that takes nothing sheds every write, and what was shed is nowhere. */
@ExtendWith(Suite.class)
class ShedTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SHED = 5;

  private final Running suite;

  ShedTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void whatWasShedLeftNothingAndMayBeAskedForAgain() throws Exception {
    List<String> runs = Stream.generate(() -> Documents.freshId("run")).limit(SHED).toList();
    String queue = Documents.freshId("q");
    try (DomeClient client = suite.impatient("hasty", "submitter")) {
      whileTheInboxTakesNothing(() -> runs.forEach(runId -> shed(client, runId, queue)));
      client.submit(Documents.chain(runs.getFirst(), queue, 1));
      client.cancel(runs.getFirst(), "OPERATOR.CANCELLED", "it is not needed");
      for (String runId : runs.subList(1, SHED)) {
        assertThat(client.readIfPresent("runs/" + runId)).isEmpty();
      }
    }

    InvariantReport report = suite.verified(List.of());

    assertThat(report.violations()).isEmpty();
    Line shed = report.lines().getLast();
    assertThat(shed.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(shed.checked()).isGreaterThanOrEqualTo(SHED);
    assertThat(report.lines().getFirst().verdict()).isEqualTo(Verdict.HOLDS);
  }

  private static void shed(DomeClient client, String runId, String queue) {
    DomeException refused =
        catchThrowableOfType(
            DomeException.class, () -> client.submit(Documents.chain(runId, queue, 1)));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.has("INFRA.INBOX_FULL")).as(refused.getMessage()).isTrue();
    String operationId = refused.problem().orElseThrow().operationId();
    assertThat(client.read("operations/" + operationId, Map.of()).path("status").asText())
        .isEqualTo("PENDING");
  }

  /** The inbox is idle when the limit comes, so that no message of others goes. */
  private void whileTheInboxTakesNothing(Runnable work) throws Exception {
    Connection connection = Nats.connect(suite.stack().connections().natsUrl());
    try {
      JetStreamManagement management = connection.jetStreamManagement();
      await()
          .atMost(PATIENCE)
          .until(() ->
              management.getStreamInfo(Subjects.INBOX_STREAM).getStreamState().getMsgCount() == 0);
      StreamConfiguration before =
          management.getStreamInfo(Subjects.INBOX_STREAM).getConfiguration();
      management.updateStream(StreamConfiguration.builder(before).maxBytes(1).build());
      try {
        work.run();
      } finally {
        management.updateStream(before);
      }
    } finally {
      connection.close();
    }
  }
}
