package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.admin.StreamRebuild;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Subjects;
import dev.dome.system.Suite.Running;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An operator has the streams made and filled again from the database. */
@ExtendWith(Suite.class)
class StreamRebuildTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int LANES = 16;

  private final Running suite;
  private final Servers servers;
  private final Consumers consumers;

  @TempDir private Path directory;

  StreamRebuildTest(Running suite) {
    this.suite = suite;
    this.servers = new Servers(suite);
    this.consumers = new Consumers(suite, servers);
  }

  private String systemToken(String role) {
    return suite
        .stack()
        .issuer()
        .mint("olga", Map.of(ServerOption.SYSTEM_NAMESPACE, List.of(role)), Duration.ofMinutes(30));
  }

  private DomeClient system(String role) {
    String token = systemToken(role);
    return DomeClient.of(
        URI.create(suite.stack().apiUrl()), ServerOption.SYSTEM_NAMESPACE, () -> token);
  }

  private List<String> promoted(int runs) {
    String queue = Documents.freshId("q");
    List<String> ids = Stream.generate(() -> Documents.freshId("run")).limit(runs).toList();
    try (DomeClient client = suite.client("driver", "submitter", "worker");
        Worker worker = Worker.on(queue, task -> Result.pass()).concurrency(4).start(client)) {
      ids.forEach(id -> client.submit(Documents.chain(id, queue, 2)));
      ids.forEach(id ->
          await().atMost(PATIENCE).until(() -> client.run(id).status() == RunStatus.PROMOTED));
      worker.drain();
    }
    return ids;
  }

  private long published() throws Exception {
    return servers.streams(management ->
        management.getStreamInfo(Subjects.JOURNAL_STREAM).getStreamState().getLastSequence());
  }

  @Test
  void aDeletedJournalIsFilledAgainAndAConsumerThatHasNothingCatchesUp() throws Exception {
    List<String> runs = promoted(4);
    consumers.awaitCaughtUp();
    consumers.stopAll();
    for (String schema : Consumers.SCHEMAS) {
      consumers.empty(schema);
    }
    consumers.forgetLogCopy();
    servers.streams(management -> management.deleteStream(Subjects.JOURNAL_STREAM));

    JsonNode lanes = rebuildByCommand();
    consumers.startAll();

    assertThat(lanes).hasSize(LANES);
    assertThat(lanes.findValuesAsText("state")).containsOnly("DONE");
    assertThat(lanes.findValuesAsText("after")).containsOnly("0");
    consumers.awaitCaughtUp();
    try (DomeClient auditor = suite.client("auditor", "auditor")) {
      for (String runId : runs) {
        await()
            .atMost(PATIENCE)
            .until(() -> auditor.readIfPresent("runs/" + runId + "/manifest").isPresent());
      }
    }
  }

  /** {@code ./dome admin rebuild-streams -o json}, as an operator of dome itself runs it. */
  private JsonNode rebuildByCommand() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.dome.cli.Main"));
    command.addAll(
        List.of("admin", "rebuild-streams", "-o", "json", "--server", suite.stack().apiUrl()));
    Path output = directory.resolve("output.json");
    Path errors = directory.resolve("errors.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().put("DOME_TOKEN", systemToken("operator"));
    Process process = builder.start();
    assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return Json.read(Files.readString(output).getBytes(StandardCharsets.UTF_8), JsonNode.class);
  }

  @Test
  void aDamagedJournalIsFilledAgainFromAPositionWhileRunsGoOn() throws Exception {
    promoted(4);
    servers.streams(management -> management.purgeStream(Subjects.JOURNAL_STREAM));
    long before = published();

    List<StreamRebuild.LaneProgress> reached;
    try (DomeClient system = system("operator")) {
      reached = StreamRebuild.begin(system, 3, List.of()).follow(PATIENCE, lanes -> {});
    }
    List<String> meanwhile = promoted(2);

    assertThat(reached).hasSize(LANES).allMatch(StreamRebuild.LaneProgress::done);
    assertThat(reached).allMatch(lane -> lane.after() == Math.min(3, lane.position()));
    long rows = reached.stream().mapToLong(lane -> lane.position() - lane.after()).sum();
    assertThat(rows).isPositive();
    assertThat(published()).isGreaterThan(before);
    consumers.awaitCaughtUp();
    assertEveryRowIsAuditedOnce();
    try (DomeClient auditor = suite.client("auditor", "auditor")) {
      meanwhile.forEach(id -> Histories.assertReplays(auditor, id));
    }
  }

  private void assertEveryRowIsAuditedOnce() throws Exception {
    assertThat(
            servers.column(
                "SELECT lane || ':' || lane_position FROM audit_export.audit_record"
                    + " WHERE kind = 'JOURNAL' GROUP BY lane, lane_position HAVING count(*) > 1"))
        .isEmpty();
    assertThat(
            servers.column(
                "SELECT j.lane || ':' || j.lane_position FROM state_controller.journal j"
                    + " LEFT JOIN audit_export.audit_record r USING (lane, lane_position)"
                    + " WHERE r.log_index IS NULL"))
        .isEmpty();
  }
}
