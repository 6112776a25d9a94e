package dev.dome.transparency;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key pair from a file: PKCS #8 PEM followed by the public key's PEM, or PKCS #12 with one key
 * and its certificate. The two halves were tried on each other. The text of a failure names the
 * file, never what is in it.
 */
public final class KeyFile {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN (PRIVATE|PUBLIC) KEY-----([A-Za-z0-9+/=\\s]*)-----END \\1 KEY-----");

  /** What the owner's group may do is read, as a mounted secret of Kubernetes with mode 0440 is. */
  private static final Set<PosixFilePermission> ALLOWED =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.GROUP_READ);

  private final PrivateKey secret;
  private final PublicKey publicKey;

  private KeyFile(PrivateKey secret, PublicKey publicKey) {
    this.secret = secret;
    this.publicKey = publicKey;
  }

  /**
   * Reads the file; one that ends in {@code .p12} or {@code .pfx} is PKCS #12.
   *
   * @param password of a PKCS #12 file
   * @throws IllegalArgumentException when others may touch the file or it holds no such pair
   * @throws IOException when it cannot be read
   */
  public static KeyFile load(Path file, Optional<Path> password) throws IOException {
    checkMode(file);
    byte[] content = Files.readAllBytes(file);
    try {
      String name = file.toString();
      KeyFile pair =
          name.endsWith(".p12") || name.endsWith(".pfx")
              ? store(content, secretOf(password))
              : pem(new String(content, StandardCharsets.ISO_8859_1));
      pair.tryOut();
      return pair;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          file + " is no key pair: expected PKCS #8 and public key in PEM, or PKCS #12", e);
    }
  }

  private static void checkMode(Path file) throws IOException {
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (!ALLOWED.containsAll(mode)) {
        throw new IllegalArgumentException(
            file + " may be read or changed by others: expected mode 0600, 0400 or 0440");
      }
    }
  }

  private static char[] secretOf(Optional<Path> password) throws IOException {
    if (password.isEmpty()) {
      return new char[0];
    }
    checkMode(password.get());
    return Files.readString(password.get()).strip().toCharArray();
  }

  private static KeyFile store(byte[] content, char[] password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(content), password);
    List<String> keys = Collections.list(store.aliases());
    for (String alias : keys) {
      Key key = store.getKey(alias, password);
      if (key instanceof PrivateKey secret && store.getCertificate(alias) != null) {
        return new KeyFile(secret, store.getCertificate(alias).getPublicKey());
      }
    }
    throw new GeneralSecurityException("no key with a certificate");
  }

  private static KeyFile pem(String text) throws GeneralSecurityException {
    Optional<byte[]> secret = block("PRIVATE", text);
    Optional<byte[]> open = block("PUBLIC", text);
    if (secret.isEmpty() || open.isEmpty()) {
      throw new GeneralSecurityException("a part is missing");
    }
    GeneralSecurityException unread = new GeneralSecurityException("neither EC nor Ed25519");
    for (String algorithm : List.of("EC", "Ed25519")) {
      try {
        PrivateKey key =
            KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(secret.get()));
        return new KeyFile(key, PublicKeys.of(algorithm, open.get()));
      } catch (GeneralSecurityException e) {
        unread.addSuppressed(e);
      }
    }
    throw unread;
  }

  private static Optional<byte[]> block(String label, String text) {
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).equals(label)) {
        return Optional.of(
            Base64.getMimeDecoder().decode(matcher.group(2).getBytes(StandardCharsets.ISO_8859_1)));
      }
    }
    return Optional.empty();
  }

  private void tryOut() throws GeneralSecurityException {
    String scheme = publicKey.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "Ed25519";
    byte[] text = "a pair".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(scheme);
    signature.initSign(secret);
    signature.update(text);
    byte[] made = signature.sign();
    signature.initVerify(publicKey);
    signature.update(text);
    if (!signature.verify(made)) {
      throw new GeneralSecurityException("the public key is another one's");
    }
  }

  /** Refuses a pair of another kind. */
  void expect(String algorithm) {
    boolean isOtherCurve =
        publicKey instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() != 256;
    if (isOtherCurve || !publicKey.getAlgorithm().equals(algorithm)) {
      throw new IllegalArgumentException(
          "expected a key of "
              + (algorithm.equals("EC") ? "ECDSA P-256" : "Ed25519")
              + " but it is "
              + publicKey.getAlgorithm());
    }
  }

  PrivateKey secret() {
    return secret;
  }

  PublicKey publicKey() {
    return publicKey;
  }
}
