package dev.dome.transparency;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/** Signs checkpoints with Ed25519. Safe for use by many threads. */
public final class CheckpointSigner {
  private final NoteKey key;
  private final PrivateKey secret;

  /**
   * Signs as the log of that name.
   *
   * @throws IllegalArgumentException when the pair is not Ed25519
   */
  public CheckpointSigner(String origin, KeyFile pair) {
    pair.expect("EdDSA");
    this.key = new NoteKey(origin, pair.publicKey().getEncoded());
    this.secret = pair.secret();
  }

  /** What its signatures are checked with. */
  public NoteKey key() {
    return key;
  }

  SignedNote.Line line(byte[] text) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(secret);
      signature.update(text);
      return new SignedNote.Line(key.name(), key.shortId(), signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that was checked does not sign", e);
    }
  }
}
