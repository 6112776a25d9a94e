package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DevKeysTest {
  private static final int ROUNDS = 20;
  private static final int STARTERS = 6;

  @TempDir Path directory;

  /** What a process knows of the keys once it has them. */
  private record Seen(String publicKey, String hmacKey, String signature) {}

  /**
   * A service that read a public key which is replaced afterwards refuses every token with
   * AUTH.UNKNOWN_KEY until it is started again.
   */
  @Test
  void processesThatMakeKeysAtTheSameTimeAllSeeTheSamePair() throws Exception {
    try (var pool = Executors.newFixedThreadPool(STARTERS)) {
      for (var round = 0; round < ROUNDS; round++) {
        var keys = directory.resolve("round-" + round);
        var barrier = new CyclicBarrier(STARTERS);
        var starters = new ArrayList<Callable<Seen>>();
        for (var i = 0; i < STARTERS; i++) {
          starters.add(() -> {
            barrier.await();
            return look(DevKeys.in(keys));
          });
        }
        var seen = new ArrayList<Seen>();
        for (var starter : pool.invokeAll(starters)) {
          seen.add(starter.get());
        }
        assertThat(seen).extracting(Seen::publicKey).containsOnly(seen.getFirst().publicKey());
        assertThat(seen).extracting(Seen::hmacKey).containsOnly(seen.getFirst().hmacKey());
        for (var one : seen) {
          assertThat(verifies(seen.getFirst().publicKey(), one.signature())).isTrue();
        }
        assertThat(filesOf(keys))
            .containsExactlyInAnyOrder(
                "issuer-private.pem",
                "issuer-public.pem",
                "idempotency-hmac.key",
                "webhook-secrets.key",
                "statements.pem",
                "log.pem");
      }
    }
  }

  private static List<String> filesOf(Path keys) throws Exception {
    try (var files = Files.list(keys)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static Seen look(DevKeys keys) throws Exception {
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.privateKey());
    signature.update("token".getBytes(StandardCharsets.US_ASCII));
    return new Seen(
        Files.readString(keys.publicKeyFile()),
        Files.readString(keys.hmacKeyFile()),
        Base64.getEncoder().encodeToString(signature.sign()));
  }

  private static boolean verifies(String publicKeyPem, String signed) throws Exception {
    var base64 = publicKeyPem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    var key =
        KeyFactory.getInstance("EC")
            .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initVerify(key);
    signature.update("token".getBytes(StandardCharsets.US_ASCII));
    return signature.verify(Base64.getDecoder().decode(signed));
  }
}
