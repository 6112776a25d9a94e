package dev.dome.devstack;

import static java.util.regex.Pattern.DOTALL;

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
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The secrets of one local installation, made at first use: the token issuer's ES256 key pair, the
 * key of idempotency digests, that of webhooks' secrets, and the pairs that statements and the
 * log's checkpoints are signed with. Files have mode 600, their folder 700.
 */
public final class DevKeys {
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";

  private final Path directory;

  private DevKeys(Path directory) {
    this.directory = directory;
  }

  /**
   * The keys of the directory; missing ones are made. Of several processes that make them at once,
   * a starting stack and a command that needs a token for example, the first one wins: nobody ever
   * sees a key that is replaced later.
   */
  public static DevKeys in(Path directory) {
    var keys = new DevKeys(PrivateFiles.directory(directory.toAbsolutePath()));
    // The public key is written last: where it is, the pair is complete.
    if (!Files.exists(keys.publicKeyFile())) {
      keys.makeIssuerKeys();
    }
    keys.makeIfAbsent(keys.hmacKeyFile());
    keys.makeIfAbsent(keys.webhookKeyFile());
    keys.makePairIfAbsent(keys.statementKeyFile(), p256());
    keys.makePairIfAbsent(keys.logKeyFile(), ed25519());
    return keys;
  }

  private void makeIfAbsent(Path file) {
    if (!Files.exists(file)) {
      var random = new byte[32];
      new SecureRandom().nextBytes(random);
      writeNew(file, HexFormat.of().formatHex(random) + "\n");
    }
  }

  /** One file is the whole pair, so that it is there completely or not at all. */
  private void makePairIfAbsent(Path file, KeyPairGenerator generator) {
    if (!Files.exists(file)) {
      writeNew(file, pemOf(generator.generateKeyPair()));
    }
  }

  /** PKCS #8 PEM, followed by the public key, so that one file is the whole pair. */
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

  /** 32 bytes in hexadecimal; what the secrets of webhooks are sealed under. */
  public Path webhookKeyFile() {
    return directory.resolve("webhook-secrets.key");
  }

  /** ECDSA P-256, PKCS #8 PEM followed by the public key; what statements are signed with. */
  public Path statementKeyFile() {
    return directory.resolve("statements.pem");
  }

  /** Ed25519, as above; what the checkpoints of the transparency log are signed with. */
  public Path logKeyFile() {
    return directory.resolve("log.pem");
  }

  /** The bearer token of a service that calls another one. */
  Path tokenFile(DomeService service) {
    return directory.resolve(service.serviceName() + ".token");
  }

  PrivateKey privateKey() {
    try {
      var pem = block(PRIVATE, Files.readString(privateKeyFile())).orElseThrow(this::noKey);
      var base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new DevstackException(noKey().getMessage(), e);
    }
  }

  private DevstackException noKey() {
    return new DevstackException(
        privateKeyFile() + " is not an EC key pair; ./dome reset makes new ones");
  }

  /** The public key comes from the pair that is there, whoever made it. */
  private void makeIssuerKeys() {
    writeNew(privateKeyFile(), pemOf(p256().generateKeyPair()));
    try {
      var made = Files.readString(privateKeyFile());
      writeNew(publicKeyFile(), block(PUBLIC, made).orElseThrow(this::noKey) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One PEM block of a file. */
  private static Optional<String> block(String label, String pem) {
    return Pattern.compile("-----BEGIN " + label + "-----.*?-----END " + label + "-----", DOTALL)
        .matcher(pem)
        .results()
        .map(MatchResult::group)
        .findFirst();
  }

  private static KeyPairGenerator p256() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  private static KeyPairGenerator ed25519() {
    try {
      return KeyPairGenerator.getInstance("Ed25519");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  private static String pemOf(KeyPair pair) {
    return pem(PRIVATE, pair.getPrivate().getEncoded())
        + pem(PUBLIC, pair.getPublic().getEncoded());
  }

  private static String pem(String label, byte[] encoded) {
    var base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(encoded);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  private void writeNew(Path file, String text) {
    PrivateFiles.writeNew(file, text.getBytes(StandardCharsets.US_ASCII));
  }
}
