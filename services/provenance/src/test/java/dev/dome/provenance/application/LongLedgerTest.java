package dev.dome.provenance.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.verification.Finding;
import dev.dome.verification.VerifiedLedger;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A run of more than a thousand tasks with three attempts each. */
class LongLedgerTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TASKS = 1_100;
  private static final int LOOK_EVERY_ROWS = 5_000;

  @Test
  void a_ledger_of_any_length_has_a_manifest_and_no_page_of_it_is_kept() {
    LongRun run = new LongRun(TASKS);
    VerifiedLedger ledger = new VerifiedLedger();
    AtomicLong seen = new AtomicLong();

    long rows =
        new Ledgers(run)
            .read(
                LongRun.NAMESPACE,
                LongRun.RUN_ID,
                row -> {
                  boolean holds = ledger.add(row);
                  if (seen.incrementAndGet() % LOOK_EVERY_ROWS == 0) {
                    assertNothingKept(run);
                  }
                  return holds;
                })
            .await()
            .atMost(PATIENCE);

    assertThat(rows).isEqualTo(run.rowCount()).isGreaterThan(20_000);
    assertNothingKept(run);
    Finding.Match match = (Finding.Match) ledger.finding();
    assertThat(match.headHash()).isEqualTo(run.completed().headHash());
    assertThat(match.status()).isEqualTo("PROMOTED");
    JsonNode manifest = Json.read(ledger.manifest(match).bytes(), JsonNode.class);
    assertThat(SchemaCatalog.standard().validate("run.manifest", manifest)).isEmpty();
    assertThat(manifest.at("/artifacts/task.result")).hasSize(TASKS);
    assertThat(manifest.at("/artifacts/evidence")).hasSize(3 * TASKS);
  }

  private static void assertNothingKept(LongRun run) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          System.gc();
          assertThat(run.pagesHeld()).as("pages still in memory").isZero();
        });
  }
}
