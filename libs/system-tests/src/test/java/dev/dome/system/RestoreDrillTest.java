package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.WorkerCalls;
import dev.dome.client.model.Grant;
import dev.dome.client.model.RunStatus;
import dev.dome.devstack.DevServer;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.LocalStack;
import dev.dome.devstack.NatsServer;
import dev.dome.devstack.PostgresServer;
import dev.dome.devstack.Progress;
import dev.dome.devstack.RepoRoot;
import dev.dome.devstack.ServiceProcess;
import dev.dome.kernel.JournalRow;
import dev.dome.migrations.Database;
import dev.dome.system.Suite.Running;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A backup of a running stack, more work, the loss of everything, the restoration, and what holds
 * then: the drill of doc/operations/backup-and-restore.md, which shows what this prints. A stack of
 * its own, because it goes back in time.
 */
class RestoreDrillTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int RUNS = 20;
  private static final int LATER = 5;
  private static final Path PAGE = RepoRoot.find().resolve("doc/operations/backup-and-restore.md");

  private static Path directory;
  private static Running stack;

  private final DrillReport report = new DrillReport();
  private final String queue = Documents.freshId("q");
  private final Servers servers = new Servers(stack);
  private final Consumers consumers = new Consumers(stack, servers);

  @BeforeAll
  static void start() throws IOException {
    directory = Files.createTempDirectory("dome-drill");
    LocalStack started =
        LocalStack.start(LocalStack.Options.in(directory.resolve("stack")), Progress.silent());
    stack =
        new Running(started, OtlpReceiver.start(), new HashSet<>(), new Suite.Answers(directory));
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void everythingOfTheBackupIsBackAndWhatCameLaterIsSaidToBeGone() throws Exception {
    String open = Documents.freshId("open");
    String waiting = Documents.freshId("waiting");
    report.step("Work, and a backup of the running system");
    Map<String, String> kept = promoted(RUNS);
    Grant held = claimed(open);
    submit(waiting, queue + "-waiting");
    String digest = upload("what the backup has");
    consumers.awaitCaughtUp();
    Backup backup = backup();

    report.step("More work, which the backup does not have");
    Map<String, String> later = promoted(LATER);
    Grant taken = claim(queue + "-waiting");
    String digestOfLater = upload("what the backup lacks");
    report.say(
        "%d more runs promoted, a task given out, a content uploaded".formatted(later.size()));

    report.step("Every process is killed; database, streams, evidence and keys are lost");
    loseEverything(backup);

    report.step("The backup is put back, NATS begins empty");
    restore(backup);

    report.step("What the backup had is whole");
    assertHeld(open, held);
    assertWhole(kept);
    assertThat(served(digest)).isEqualTo("what the backup has");
    report.say("evidence   %d bytes by their digest".formatted(served(digest).length()));
    consumers.awaitCaughtUp();
    report.say("consumers  at the journal's end: timers, manifests, audit");

    report.step("What came later is gone, and said to be gone");
    assertGone(later, taken, digestOfLater);

    report.step("It goes on");
    goesOn(waiting, later.keySet());
    assertVerified();
    report.hold(PAGE);
  }

  private DomeClient client() {
    return stack.client("driver", "submitter", "worker", "auditor");
  }

  private void submit(String runId, String onQueue) {
    try (DomeClient client = client()) {
      client.submit(Documents.chain(runId, onQueue, 1));
    }
  }

  /** Runs that are worked to their end, each with its journal's last hash. */
  private Map<String, String> promoted(int runs) {
    List<String> ids = Stream.generate(() -> Documents.freshId("run")).limit(runs).toList();
    return promoted(ids);
  }

  private Map<String, String> promoted(List<String> ids) {
    Map<String, String> heads = new LinkedHashMap<>();
    try (DomeClient client = client();
        Worker worker = Worker.on(queue, task -> Result.pass()).concurrency(4).start(client)) {
      ids.forEach(id -> client.submit(Documents.chain(id, queue, 2)));
      ids.forEach(id ->
          await().atMost(PATIENCE).until(() -> client.run(id).status() == RunStatus.PROMOTED));
      worker.drain();
      ids.forEach(id -> heads.put(id, head(client, id)));
    }
    return heads;
  }

  private static String head(DomeClient client, String runId) {
    List<JournalRow> rows = Histories.assertReplays(client, runId);
    return rows.getLast().hash();
  }

  private Grant claimed(String runId) {
    submit(runId, queue + "-held");
    return claim(queue + "-held");
  }

  private Grant claim(String from) {
    try (DomeClient client = client()) {
      return ByHand.claim(client.worker(), from);
    }
  }

  private String upload(String content) {
    try (DomeClient client = client()) {
      return client.evidence().put(content.getBytes(StandardCharsets.UTF_8), "text/plain").sha256();
    }
  }

  private String served(String digest) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try (DomeClient client = client()) {
      client.evidence().get(digest, content);
    }
    return content.toString(StandardCharsets.UTF_8);
  }

  private Backup backup() throws Exception {
    report.say("%d runs promoted, 1 with a task at a worker, 1 that waits for one".formatted(RUNS));
    long began = System.nanoTime();
    Backup backup =
        Backup.of(directory.resolve("stack"), postgres().admin(), directory.resolve("backup"));
    report.say(
        "backup     PostgreSQL %d MB, evidence %d, keys %d files, in %s"
            .formatted(
                backup.bytes("postgres") / 1_000_000,
                backup.files("evidence").size(),
                backup.files("keys").size(),
                DrillReport.since(began)));
    return backup;
  }

  private PostgresServer postgres() {
    return stack.stack().infrastructure().postgres().orElseThrow();
  }

  private NatsServer nats() {
    return stack.stack().infrastructure().nats().orElseThrow();
  }

  private void loseEverything(Backup backup) throws IOException {
    stack.stack().services().forEach(ServiceProcess::kill);
    List.of(postgres(), nats()).forEach(DevServer::kill);
    backup.loseEverything();
    report.say("7 processes killed, nothing left on disk but the backup");
  }

  /** The database first, NATS without its data, then the services in any order. */
  private void restore(Backup backup) throws IOException {
    long began = System.nanoTime();
    backup.restore();
    postgres().restart();
    report.say("PostgreSQL serves, its log replayed, after %s".formatted(DrillReport.since(began)));
    nats().restart();
    Consumers.atOnce(stack.stack().services(), ServiceProcess::restart);
    report.say("every service is ready after %s".formatted(DrillReport.since(began)));
  }

  /** First of all, because the lease has no longer than one term after the start. */
  private void assertHeld(String runId, Grant held) {
    try (DomeClient client = client()) {
      client.worker().result(held, Result.pass(), Duration.ZERO, null);
      awaitPromoted(client, runId);
    }
    report.say("the task that a worker held at the backup is reported, its run promoted");
  }

  private void assertWhole(Map<String, String> kept) {
    try (DomeClient client = client()) {
      kept.forEach((id, head) -> {
        assertThat(client.run(id).status()).isEqualTo(RunStatus.PROMOTED);
        assertThat(head(client, id)).as("last hash of %s", id).isEqualTo(head);
        await()
            .atMost(PATIENCE)
            .until(() -> client.readIfPresent("runs/" + id + "/manifest").isPresent());
      });
    }
    report.say(
        "%d runs: status, every hash to the last one, replay, manifest".formatted(kept.size()));
  }

  private void assertGone(Map<String, String> later, Grant taken, String digest)
      throws IOException {
    try (DomeClient client = client()) {
      later
          .keySet()
          .forEach(
              id -> assertThat(client.readIfPresent("runs/" + id)).as("a run of later").isEmpty());
    }
    report.say("%d runs: 404 RUN.NOT_FOUND".formatted(later.size()));
    try (DomeClient client = stack.impatient("driver", "worker")) {
      DomeException refused =
          catchThrowableOfType(
              DomeException.class,
              () -> client.worker().result(taken, Result.pass(), Duration.ZERO, null));
      assertThat(refused.has("ATTEMPT.NOT_FOUND")).as(refused.getMessage()).isTrue();
      report.say("the report of a task given out later: 404 ATTEMPT.NOT_FOUND");
      DomeException absent = catchThrowableOfType(DomeException.class, () -> served(digest));
      assertThat(absent.has("EVIDENCE.NOT_FOUND")).as(absent.getMessage()).isTrue();
      report.say("a content uploaded later: 404 EVIDENCE.NOT_FOUND");
    }
    ServiceProcess controller = stack.stack().service(DomeService.STATE_CONTROLLER).orElseThrow();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(controller.log())
                .content()
                .contains("inbox stream was lost with what was accepted and not applied"));
    report.say("state-controller: inbox stream was lost with what was accepted and not applied");
  }

  private void goesOn(String waiting, Set<String> later) {
    try (DomeClient client = client()) {
      WorkerCalls worker = client.worker();
      worker.result(ByHand.claim(worker, queue + "-waiting"), Result.pass(), Duration.ZERO, null);
      awaitPromoted(client, waiting);
      report.say("the task given out later is given out again, its run promoted");
    }
    promoted(List.copyOf(later));
    report.say("%d run ids of later are submitted again and promoted".formatted(later.size()));
    promoted(RUNS);
    report.say("%d new runs promoted".formatted(RUNS));
  }

  private static void awaitPromoted(DomeClient client, String runId) {
    await().atMost(PATIENCE).until(() -> client.run(runId).status() == RunStatus.PROMOTED);
  }

  private static long lines(Dome.Ended command, String verdict) {
    return command.output().lines().filter(line -> line.contains(verdict)).count();
  }

  /** {@code ./dome admin verify} with the database and the streams, as an operator runs it. */
  private void assertVerified() throws Exception {
    Database admin = postgres().admin();
    Dome.Ended verified =
        Dome.run(
            directory,
            Map.of(
                "DOME_TOKEN",
                stack
                    .stack()
                    .issuer()
                    .mint(
                        "auditor",
                        Map.of(
                            Suite.NAMESPACE, List.of("auditor"), "dome-system", List.of("auditor")),
                        Duration.ofMinutes(10)),
                "DOME_PG_ADMIN_USER",
                admin.user(),
                "DOME_PG_ADMIN_PASSWORD",
                admin.password()),
            "admin",
            "verify",
            "--server",
            stack.stack().apiUrl(),
            "--database",
            admin.url(),
            "--nats",
            nats().url());
    assertThat(verified.exitCode()).as(verified.output()).isZero();
    report.say(
        "$ ./dome admin verify      %d invariants hold, %d are not seen, none is broken"
            .formatted(lines(verified, "HOLDS"), lines(verified, "NOT_SEEN")));
  }
}
