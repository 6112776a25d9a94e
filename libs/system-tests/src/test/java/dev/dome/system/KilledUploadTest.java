package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** kill -9 of ingest when it has received half of a piece of evidence. */
@ExtendWith(Suite.class)
class KilledUploadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int HALF = 1 << 20;
  private static final String CONTENT = "content";

  private final Running suite;
  private final byte[] content = new byte[2 * HALF];

  KilledUploadTest(Running suite) {
    this.suite = suite;
    new Random(20).nextBytes(content);
  }

  @Test
  void halfAnUploadIsNeverSeenAndItsRepeatSucceeds() throws Exception {
    ServiceProcess ingest = suite.stack().service(DomeService.INGEST).orElseThrow();
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    try (DomeClient client = suite.client("worker", "worker", "auditor");
        Socket upload = new Socket(InetAddress.getLoopbackAddress(), ingest.port())) {
      sendHalf(upload.getOutputStream(), digest);
      await().atMost(PATIENCE).until(() -> stagedBytes() >= HALF);
      assertAbsent(client, digest);
      List<Path> left = staged();

      ingest.kill();
      assertThat(left).allSatisfy(path -> assertThat(path).exists());
      ingest.restart();

      assertThat(left).allSatisfy(path -> assertThat(path.getParent().getParent()).doesNotExist());
      assertThat(staged()).isEmpty();
      assertAbsent(client, digest);
      assertThat(client.evidence().put(content, "application/octet-stream").sha256())
          .isEqualTo(digest);
      ByteArrayOutputStream served = new ByteArrayOutputStream();
      client.evidence().get(digest, served);
      assertThat(served.toByteArray()).isEqualTo(content);
    }
  }

  private void sendHalf(OutputStream to, String digest) throws IOException {
    String head =
        """
        PUT /v1/namespaces/%s/evidence/%s HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Type: application/octet-stream
        Content-Length: %d

        """
            .formatted(Suite.NAMESPACE, digest, suite.token("worker", "worker"), content.length);
    to.write(head.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
    to.write(Arrays.copyOf(content, HALF));
    to.flush();
  }

  /** Neither served, nor in the place of objects that are. */
  private void assertAbsent(DomeClient client, String digest) throws IOException {
    try {
      client.evidence().get(digest, OutputStream.nullOutputStream());
      throw new AssertionError("half of an upload was served");
    } catch (DomeException e) {
      assertThat(e.status()).isEqualTo(404);
    }
    assertThat(files("objects")).noneMatch(path -> path.toString().contains(digest));
  }

  /** Content that waits to be checked. */
  private List<Path> staged() throws IOException {
    return files("staging").stream().filter(path -> path.endsWith(CONTENT)).toList();
  }

  private List<Path> files(String below) throws IOException {
    String root =
        suite.stack().connections().environmentOf(DomeService.INGEST).get("DOME_EVIDENCE_ROOT");
    try (Stream<Path> all = Files.walk(Path.of(root, below))) {
      return all.toList();
    }
  }

  private long stagedBytes() throws IOException {
    long bytes = 0;
    for (Path path : staged()) {
      bytes += Files.size(path);
    }
    return bytes;
  }
}
