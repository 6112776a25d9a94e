package dev.dome.provenance.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.devstack.DevKeys;
import dev.dome.transparency.Checkpoint;
import dev.dome.transparency.CheckpointSigner;
import dev.dome.transparency.FileLogStore;
import dev.dome.transparency.KeyFile;
import dev.dome.transparency.LogCheck;
import dev.dome.transparency.StatementSigner;
import dev.dome.transparency.TileId;
import dev.dome.verification.Finding;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealLoopTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String ORIGIN = "dome.test/log";

  @TempDir Path folder;
  private StatementSigner signer;
  private CheckpointSigner logSigner;
  private final Seen seen = new Seen();

  /** What a loop told of. */
  private static final class Seen implements SealObserver {
    private final AtomicLong statements = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicBoolean halted = new AtomicBoolean();

    @Override
    public void sealed(int count, long logSize) {
      statements.addAndGet(count);
    }

    @Override
    public void waited(long lagMs) {}

    @Override
    public void backlog(long count, long oldestAgeMs) {}

    @Override
    public void failed() {
      failures.incrementAndGet();
    }

    @Override
    public void halted(boolean now) {
      halted.set(now);
    }
  }

  @BeforeEach
  void keys() throws Exception {
    DevKeys keys = DevKeys.in(folder.resolve("keys"));
    signer = new StatementSigner(KeyFile.load(keys.statementKeyFile(), Optional.empty()));
    logSigner = new CheckpointSigner(ORIGIN, KeyFile.load(keys.logKeyFile(), Optional.empty()));
  }

  private static void give(MemorySealStore store, int from, int to) {
    for (int i = from; i < to; i++) {
      store.add(
          new Unsealed.OfReplay(
              i,
              1,
              new Replay(
                  "rpl-" + i,
                  new NamespaceId("team-a"),
                  new RunId("run-" + i),
                  "somebody",
                  1,
                  new Finding.Difference(2, "what", "recorded", "derived"))));
    }
  }

  private SealLoop loop(MemorySealStore store, FileLogStore copy) {
    return new SealLoop(
        store,
        Optional.of(copy),
        signer,
        List.of(logSigner),
        seen,
        Clock.systemUTC(),
        new SealLoop.Settings(ORIGIN, "here", 10, 64, 15_000));
  }

  private FileLogStore copy() {
    return FileLogStore.in(folder.resolve("log"));
  }

  private long published(MemorySealStore store) {
    return store
        .checkpoint()
        .flatMap(note -> Checkpoint.verified(note, List.of(logSigner.key())))
        .map(checkpoint -> checkpoint.head().size())
        .orElse(0L);
  }

  private void sealAll(MemorySealStore store, long size) throws Exception {
    try (FileLogStore copy = copy();
        SealLoop loop = loop(store, copy)) {
      loop.start();
      await().atMost(PATIENCE).until(() -> published(store) == size);
    }
  }

  @Test
  void whatWaitsIsSealedManyAtOnceInTheOrderOfWaiting() throws Exception {
    MemorySealStore store = new MemorySealStore();
    give(store, 0, 600);

    sealAll(store, 600);

    assertThat(store.growths()).isEqualTo(10);
    assertThat(store.all())
        .extracting(SealStore.Sealed::subject)
        .startsWith("rpl-0", "rpl-1")
        .endsWith("rpl-599");
    assertThat(LogCheck.whole(store, store.head())).isEmpty();
    assertThat(copy().head()).isEqualTo(store.head());
    assertThat(copy().checkpoint()).isEqualTo(store.checkpoint());
    assertThat(LogCheck.whole(copy(), store.head())).isEmpty();
  }

  @Test
  void aFallBetweenGrowingAndSigningIsMadeGoodWithoutNewWork() throws Exception {
    MemorySealStore store = new MemorySealStore();
    give(store, 0, 3);
    store.fallBeforePublishing();

    sealAll(store, 3);

    assertThat(seen.failures.get()).isEqualTo(1);
    assertThat(store.growths()).isEqualTo(1);
  }

  @Test
  void anOlderDatabaseThatWasPutBackIsDetectedAndNothingIsSigned() throws Exception {
    MemorySealStore store = new MemorySealStore();
    give(store, 0, 5);
    sealAll(store, 5);
    MemorySealStore restored = store.backup();
    give(store, 5, 9);
    sealAll(store, 9);

    give(restored, 9, 12);
    try (FileLogStore copy = copy();
        SealLoop loop = loop(restored, copy)) {
      loop.start();
      await().atMost(PATIENCE).until(seen.halted::get);

      assertThat(loop.fault().orElseThrow().kind()).isEqualTo(LogCheck.Kind.LOG_ROLLED_BACK);
      assertThat(restored.head().size()).isEqualTo(5);
      assertThat(restored.backlog().count()).isEqualTo(3);
    }
    sealAll(store, 9);
  }

  @Test
  void aRewrittenLogAndADamagedOneAreDetected() throws Exception {
    MemorySealStore store = new MemorySealStore();
    give(store, 0, 5);
    sealAll(store, 5);
    MemorySealStore damaged = store.backup();
    damaged.damage(new TileId(TileId.ENTRIES, 0));
    MemorySealStore rewritten = new MemorySealStore();
    give(rewritten, 100, 110);

    assertThat(faultOf(damaged)).isEqualTo(LogCheck.Kind.LOG_DAMAGED);
    rewritten.grow(
        dev.dome.transparency.Growth.of(
            rewritten.head(), rewritten, java.util.Collections.nCopies(7, new byte[] {1})));
    assertThat(faultOf(rewritten)).isEqualTo(LogCheck.Kind.LOG_FORKED);
  }

  private LogCheck.Kind faultOf(MemorySealStore store) throws Exception {
    try (FileLogStore copy = copy();
        SealLoop loop = loop(store, copy)) {
      loop.start();
      await().atMost(PATIENCE).until(() -> loop.fault().isPresent());
      return loop.fault().orElseThrow().kind();
    }
  }
}
