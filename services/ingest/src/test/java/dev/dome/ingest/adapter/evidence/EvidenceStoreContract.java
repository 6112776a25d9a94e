package dev.dome.ingest.adapter.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.Sha256;
import dev.dome.ingest.application.Evidence;
import dev.dome.ingest.application.Evidence.Redaction;
import dev.dome.ingest.application.EvidenceStore;
import dev.dome.ingest.application.EvidenceStore.Draft;
import dev.dome.ingest.application.EvidenceStore.Kept;
import dev.dome.ingest.application.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store of evidence does. */
abstract class EvidenceStoreContract {
  private static final NamespaceId NAMESPACE = new NamespaceId("team-a");
  private static final NamespaceId OTHER = new NamespaceId("team-b");

  /** The store under test; the same one for the whole test class. */
  abstract EvidenceStore store();

  static byte[] fresh(int bytes) {
    String seed = UUID.randomUUID().toString();
    return (seed + "x".repeat(Math.max(0, bytes - seed.length()))).getBytes(StandardCharsets.UTF_8);
  }

  static Evidence describe(byte[] content, String mediaType) {
    return new Evidence(
        digest(content),
        content.length,
        new MediaType(mediaType),
        Redaction.CHECKED,
        "2026-11-22T17:00:30.000Z");
  }

  static Sha256 digest(byte[] content) {
    try {
      return new Sha256(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Kept keep(NamespaceId namespace, byte[] content, String mediaType) throws IOException {
    try (Draft draft = store().begin(namespace)) {
      int half = content.length / 2;
      draft.write(ByteBuffer.wrap(content, 0, half));
      draft.write(ByteBuffer.wrap(content, half, content.length - half));
      return draft.keep(describe(content, mediaType));
    }
  }

  private byte[] read(NamespaceId namespace, Sha256 digest) throws IOException {
    try (InputStream in = store().open(namespace, digest).orElseThrow().bytes()) {
      return in.readAllBytes();
    }
  }

  @Test
  void whatWasKeptIsFoundAndReadAsItWas() throws IOException {
    byte[] content = fresh(300_000);
    Kept kept = keep(NAMESPACE, content, "text/plain");
    assertThat(kept).isEqualTo(new Kept(describe(content, "text/plain"), true));
    assertThat(store().find(NAMESPACE, digest(content))).contains(describe(content, "text/plain"));
    assertThat(read(NAMESPACE, digest(content))).isEqualTo(content);
  }

  @Test
  void emptyContentIsContent() throws IOException {
    keep(NAMESPACE, new byte[0], "text/plain");
    assertThat(read(NAMESPACE, digest(new byte[0]))).isEmpty();
  }

  @Test
  void whatIsAbsentIsEmpty() throws IOException {
    assertThat(store().find(NAMESPACE, digest(fresh(10)))).isEmpty();
    assertThat(store().open(NAMESPACE, digest(fresh(10)))).isEmpty();
  }

  @Test
  void anotherNamespaceHasItsOwn() throws IOException {
    byte[] content = fresh(100);
    keep(NAMESPACE, content, "text/plain");
    assertThat(store().find(OTHER, digest(content))).isEmpty();
    assertThat(keep(OTHER, content, "text/csv").isNew()).isTrue();
    assertThat(store().find(NAMESPACE, digest(content))).contains(describe(content, "text/plain"));
  }

  @Test
  void aRepeatKeepsWhatTheFirstSaid() throws IOException {
    byte[] content = fresh(100);
    keep(NAMESPACE, content, "text/plain");
    assertThat(keep(NAMESPACE, content, "text/html"))
        .isEqualTo(new Kept(describe(content, "text/plain"), false));
    assertThat(read(NAMESPACE, digest(content))).isEqualTo(content);
  }

  @Test
  void aDraftThatIsNotKeptLeavesNothing() throws IOException {
    byte[] content = fresh(100);
    try (Draft draft = store().begin(NAMESPACE)) {
      draft.write(ByteBuffer.wrap(content));
    }
    assertThat(store().find(NAMESPACE, digest(content))).isEmpty();
  }

  @Test
  void ofManyAtOnceExactlyOneIsTheFirst() throws Exception {
    byte[] content = fresh(50_000);
    List<Future<Kept>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<Kept> keeping = () -> keep(NAMESPACE, content, "text/plain");
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(keeping));
      }
      int firsts = 0;
      for (Future<Kept> each : all) {
        firsts += each.get().isNew() ? 1 : 0;
      }
      assertThat(firsts).isEqualTo(1);
    }
    assertThat(read(NAMESPACE, digest(content))).isEqualTo(content);
  }
}
