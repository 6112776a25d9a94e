package dev.dome.transparency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text and signatures of it, as C2SP signed-note writes them.
 *
 * @param text ends with a line feed
 */
public record SignedNote(String text, List<Line> signatures) {
  private static final Pattern LINE = Pattern.compile("\u2014 (\\S+) ([A-Za-z0-9+/]+={0,2})");

  /**
   * One signature.
   *
   * @param keyId four bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  public record Line(String name, byte[] keyId, byte[] signature) {
    private String text() {
      byte[] bytes = Arrays.copyOf(keyId, keyId.length + signature.length);
      System.arraycopy(signature, 0, bytes, keyId.length, signature.length);
      return "\u2014 " + name + " " + Base64.getEncoder().encodeToString(bytes) + "\n";
    }
  }

  public SignedNote {
    signatures = List.copyOf(signatures);
  }

  /** The note as it is published. */
  public String published() {
    StringBuilder note = new StringBuilder(text).append('\n');
    signatures.forEach(line -> note.append(line.text()));
    return note.toString();
  }

  /** The note that was published; empty when the text is none, to the last byte. */
  public static Optional<SignedNote> parse(String published) {
    int split = published.lastIndexOf("\n\n");
    if (split < 0 || !published.endsWith("\n")) {
      return Optional.empty();
    }
    List<Line> lines = new ArrayList<>();
    for (String line : published.substring(split + 2).lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      byte[] bytes = matcher.matches() ? decoded(matcher.group(2)) : new byte[0];
      if (bytes.length < 5) {
        return Optional.empty();
      }
      lines.add(
          new Line(
              matcher.group(1),
              Arrays.copyOf(bytes, 4),
              Arrays.copyOfRange(bytes, 4, bytes.length)));
    }
    SignedNote note = new SignedNote(published.substring(0, split + 1), lines);
    // Base64 has spare bits: only the one writing of a note is that note.
    return Optional.of(note).filter(read -> read.published().equals(published));
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
