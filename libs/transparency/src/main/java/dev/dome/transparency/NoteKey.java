package dev.dome.transparency;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;

/**
 * The public Ed25519 key of a log, as C2SP signed-note knows keys.
 *
 * @param name the log's origin; without spaces and plus signs
 * @param spki the key as X.509 SubjectPublicKeyInfo
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by content, changed by nobody.
public record NoteKey(String name, byte[] spki) {
  private static final int ED25519 = 1;
  private static final int RAW_BYTES = 32;
  private static final int SPKI_BYTES = 44;

  public NoteKey {
    if (name.isEmpty() || name.chars().anyMatch(c -> c == '+' || Character.isWhitespace(c))) {
      throw new IllegalArgumentException("no name of a log: " + name);
    }
    if (spki.length != SPKI_BYTES) {
      throw new IllegalArgumentException("the key of a log is not Ed25519");
    }
  }

  /**
   * SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key). Its first four bytes are the id in a note's signatures, all
   * of it is the log's id in a Sigstore bundle.
   */
  public byte[] id() {
    byte[] line = (name + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] hashed = Arrays.copyOf(line, line.length + 1 + RAW_BYTES);
    hashed[line.length] = ED25519;
    System.arraycopy(raw(), 0, hashed, line.length + 1, RAW_BYTES);
    return Hashes.sha256(hashed);
  }

  byte[] shortId() {
    return Arrays.copyOf(id(), 4);
  }

  /** The line by which C2SP's tools, such as those of Go, are told of the key. */
  public String vkey() {
    byte[] typed = new byte[1 + RAW_BYTES];
    typed[0] = ED25519;
    System.arraycopy(raw(), 0, typed, 1, RAW_BYTES);
    return name
        + "+"
        + java.util.HexFormat.of().formatHex(shortId())
        + "+"
        + Base64.getEncoder().encodeToString(typed);
  }

  private byte[] raw() {
    return Arrays.copyOfRange(spki, SPKI_BYTES - RAW_BYTES, SPKI_BYTES);
  }

  boolean verifies(byte[] text, byte[] signature) {
    try {
      PublicKey key = PublicKeys.of("Ed25519", spki);
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(text);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      // A signature of another length or form is no signature.
      return false;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteKey key && name.equals(key.name) && Arrays.equals(spki, key.spki);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(spki);
  }

  @Override
  public String toString() {
    return vkey();
  }
}
