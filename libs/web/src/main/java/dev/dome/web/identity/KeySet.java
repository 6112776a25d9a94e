package dev.dome.web.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EcKeyUtil;
import org.jose4j.keys.RsaKeyUtil;
import org.jose4j.lang.JoseException;

/**
 * An issuer's public keys at one time, as PEM (X.509, RFC 7468) or as a JWK set (RFC 7517). Of a
 * set, keys for encryption and symmetric ones are passed by.
 */
record KeySet(List<Signing> keys) {
  private static final String SIGNATURES = "sig";

  /**
   * One key.
   *
   * @param id its {@code kid}, or null
   * @param algorithm the only one it may be used with, or null
   */
  record Signing(String id, String algorithm, PublicKey key) {
    private boolean signs(String named) {
      return algorithm == null || algorithm.equals(named);
    }
  }

  /**
   * Reads either form.
   *
   * @throws IOException when the text is neither, or has no key that signs
   */
  static KeySet of(byte[] text) throws IOException {
    String read = new String(text, StandardCharsets.UTF_8).strip();
    try {
      KeySet found = read.startsWith("{") ? ofJwks(read) : ofPem(read);
      if (found.keys().isEmpty()) {
        throw new IOException("there is no public key for signatures");
      }
      return found;
    } catch (JoseException | RuntimeException e) {
      // The cause may quote the text.
      throw new IOException("the keys are neither PEM nor a JWK set");
    }
  }

  private static KeySet ofJwks(String text) throws JoseException {
    List<Signing> keys = new ArrayList<>();
    for (JsonWebKey key : new JsonWebKeySet(text).getJsonWebKeys()) {
      boolean signs = key.getUse() == null || SIGNATURES.equals(key.getUse());
      if (signs && key instanceof PublicJsonWebKey pair) {
        keys.add(new Signing(key.getKeyId(), key.getAlgorithm(), pair.getPublicKey()));
      }
    }
    return new KeySet(List.copyOf(keys));
  }

  private static KeySet ofPem(String text) throws JoseException {
    return new KeySet(List.of(new Signing(null, null, pemKey(text))));
  }

  /** Keys of either kind have the same PEM label, so the first reader that can has it. */
  private static PublicKey pemKey(String text) throws JoseException {
    try {
      return new EcKeyUtil().fromPemEncoded(text);
    } catch (InvalidKeySpecException notElliptic) {
      return rsaKey(text);
    }
  }

  private static PublicKey rsaKey(String text) throws JoseException {
    try {
      return new RsaKeyUtil().fromPemEncoded(text);
    } catch (InvalidKeySpecException e) {
      throw new JoseException("neither an elliptic nor an RSA key", e);
    }
  }

  /**
   * The key a token was signed with.
   *
   * @param id the token's {@code kid}, or null; then, and where no key has an id, there must be
   *     only one that fits
   */
  Optional<PublicKey> find(String id, String algorithm) {
    List<Signing> fitting =
        keys.stream()
            .filter(key -> key.signs(algorithm))
            .filter(key -> id == null || key.id() == null || id.equals(key.id()))
            .toList();
    return fitting.size() == 1 ? Optional.of(fitting.getFirst().key()) : Optional.empty();
  }
}
