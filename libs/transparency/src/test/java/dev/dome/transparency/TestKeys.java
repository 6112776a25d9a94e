package dev.dome.transparency;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Optional;

/** Key files as a deployment has them. */
final class TestKeys {
  private TestKeys() {}

  static KeyFile ecdsa(Path folder) throws Exception {
    return KeyFile.load(
        written(folder.resolve("ec-" + System.nanoTime() + ".pem"), ec()), Optional.empty());
  }

  static KeyFile ed25519(Path folder) throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    return KeyFile.load(
        written(folder.resolve("ed-" + System.nanoTime() + ".pem"), pair), Optional.empty());
  }

  static KeyPair ec() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  static Path written(Path file, KeyPair pair) throws IOException {
    Files.writeString(
        file,
        pem("PRIVATE", pair.getPrivate().getEncoded())
            + pem("PUBLIC", pair.getPublic().getEncoded()));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static String pem(String label, byte[] encoded) {
    return "-----BEGIN %s KEY-----\n%s\n-----END %s KEY-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(encoded), label);
  }
}
