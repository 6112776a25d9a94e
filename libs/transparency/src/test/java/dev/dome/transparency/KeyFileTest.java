package dev.dome.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  @TempDir Path folder;

  private static KeyFile load(Path file) throws Exception {
    return KeyFile.load(file, Optional.empty());
  }

  @Test
  void aFileThatOthersMayReadIsRefusedAndAMountedSecretIsNot() throws Exception {
    Path file = TestKeys.written(folder.resolve("key.pem"), TestKeys.ec());
    for (String mode : List.of("rw-------", "r--------", "r--r-----")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      assertThat(new StatementSigner(load(file)).key().id()).hasSize(64);
    }
    for (String mode : List.of("rw-r--r--", "rw-rw----", "rw----r--", "rwx------")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      assertThatThrownBy(() -> load(file))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected mode");
    }
  }

  @Test
  void halvesOfTwoPairsAndOtherKindsAreRefusedWithoutSayingWhatTheyAre() throws Exception {
    KeyPair mixed = new KeyPair(TestKeys.ec().getPublic(), TestKeys.ec().getPrivate());
    Path file = TestKeys.written(folder.resolve("mixed.pem"), mixed);

    assertThatThrownBy(() -> load(file)).hasMessageContaining("mixed.pem is no key pair");
    assertThatThrownBy(() -> new StatementSigner(TestKeys.ed25519(folder)))
        .hasMessageContaining("expected a key of ECDSA P-256");
    assertThatThrownBy(() -> new CheckpointSigner("x", TestKeys.ecdsa(folder)))
        .hasMessageContaining("expected a key of Ed25519");
  }

  @Test
  void aKeyStoreOfKeytoolIsReadWithItsPassword() throws Exception {
    Path store = folder.resolve("key.p12");
    Path password = folder.resolve("password");
    Files.writeString(password, "correct-horse\n");
    run(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=dome",
        "-alias",
        "statements",
        "-keystore",
        store.toString(),
        "-storetype",
        "PKCS12",
        "-storepass",
        "correct-horse");
    for (Path file : List.of(store, password)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    StatementSigner signer = new StatementSigner(KeyFile.load(store, Optional.of(password)));

    Envelope envelope = signer.sign(new byte[] {1});
    assertThat(signer.key().verifies(Envelope.pae(new byte[] {1}), envelope.signature())).isTrue();
  }

  private static void run(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of(arguments));
    command.addFirst(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue())
        .as(new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isZero();
  }
}
