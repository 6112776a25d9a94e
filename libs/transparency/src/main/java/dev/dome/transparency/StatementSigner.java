package dev.dome.transparency;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/** Signs statements with ECDSA P-256. Safe for use by many threads. */
public final class StatementSigner {
  private final StatementKey key;
  private final PrivateKey secret;

  /**
   * Signs with the pair.
   *
   * @throws IllegalArgumentException when it is not of P-256
   */
  public StatementSigner(KeyFile pair) {
    pair.expect("EC");
    this.key = new StatementKey(pair.publicKey().getEncoded());
    this.secret = pair.secret();
  }

  /** What its signatures are checked with. */
  public StatementKey key() {
    return key;
  }

  /** Signs the bytes of a statement as they are. */
  public Envelope sign(byte[] payload) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(secret);
      signature.update(Envelope.pae(payload));
      return new Envelope(payload, key.id(), signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that was checked does not sign", e);
    }
  }
}
