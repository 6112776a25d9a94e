package dev.dome.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The secrets of one local installation, made at first use: the token issuer's ES256 key pair and
 * the key of idempotency digests. Files have mode 600, their folder 700.
 */
public final class DevKeys {
  private final Path directory;

  private DevKeys(Path directory) {
    this.directory = directory;
  }

  /** The keys of the directory; missing ones are made. */
  public static DevKeys in(Path directory) {
    var keys = new DevKeys(PrivateFiles.directory(directory.toAbsolutePath()));
    // The public key is written last: where it is, the pair is complete.
    if (!Files.exists(keys.publicKeyFile())) {
      keys.makeIssuerKeys();
    }
    if (!Files.exists(keys.hmacKeyFile())) {
      var random = new byte[32];
      new SecureRandom().nextBytes(random);
      keys.write(keys.hmacKeyFile(), HexFormat.of().formatHex(random) + "\n");
    }
    return keys;
  }

  /** PKCS #8 PEM. */
  public Path privateKeyFile() {
    return directory.resolve("issuer-private.pem");
  }

  /** X.509 PEM, what services verify tokens with. */
  public Path publicKeyFile() {
    return directory.resolve("issuer-public.pem");
  }

  /** 32 bytes in hexadecimal. */
  public Path hmacKeyFile() {
    return directory.resolve("idempotency-hmac.key");
  }

  /** The bearer token of a service that calls another one. */
  Path tokenFile(DomeService service) {
    return directory.resolve(service.serviceName() + ".token");
  }

  PrivateKey privateKey() {
    try {
      var pem = Files.readString(privateKeyFile());
      var base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new DevstackException(
          privateKeyFile() + " is not an EC key; ./dome reset makes new ones", e);
    }
  }

  private void makeIssuerKeys() {
    var pair = generate();
    write(privateKeyFile(), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    write(publicKeyFile(), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
  }

  private static KeyPair generate() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  private static String pem(String label, byte[] encoded) {
    var base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(encoded);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  private void write(Path file, String text) {
    PrivateFiles.write(file, text.getBytes(StandardCharsets.US_ASCII));
  }
}
