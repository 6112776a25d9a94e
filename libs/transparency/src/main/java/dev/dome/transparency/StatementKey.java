package dev.dome.transparency;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A public ECDSA P-256 key that statements are checked with.
 *
 * @param spki as X.509 SubjectPublicKeyInfo
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by content, changed by nobody.
public record StatementKey(byte[] spki) {

  /** SHA-256 of the SubjectPublicKeyInfo, in hexadecimal. */
  public String id() {
    return HexFormat.of().formatHex(Hashes.sha256(spki));
  }

  /** Whether the key made the signature, an ASN.1 DER one, of the bytes. */
  boolean verifies(byte[] bytes, byte[] signature) {
    try {
      if (!(PublicKeys.of("EC", spki) instanceof ECPublicKey key)
          || key.getParams().getOrder().bitLength() != 256) {
        return false;
      }
      Signature check = Signature.getInstance("SHA256withECDSA");
      check.initVerify(key);
      check.update(bytes);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      // What is no signature, or a key that is none, verifies nothing.
      return false;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StatementKey key && Arrays.equals(spki, key.spki);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(spki);
  }

  @Override
  public String toString() {
    return id();
  }
}
