package dev.dome.security;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Looks for secrets in content that arrives in pieces, in constant memory. Text is looked at in
 * windows that overlap, so that a secret of up to {@value #OVERLAP_CHARS} characters is found
 * wherever it lies. Bytes that are no UTF-8 text are not looked at. For use by one thread at a
 * time.
 */
public final class SecretScan {
  static final int WINDOW_CHARS = 64 * 1024;
  static final int OVERLAP_CHARS = 8 * 1024;

  private static final int LONGEST_SEQUENCE_BYTES = 4;

  private final Redactor redactor;
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final CharBuffer window = CharBuffer.allocate(WINDOW_CHARS);
  private final SortedSet<String> rules = new TreeSet<>();
  private ByteBuffer begun = ByteBuffer.allocate(0);
  private boolean text = true;

  public SecretScan(Redactor redactor) {
    this.redactor = redactor;
  }

  /**
   * What the whole content is.
   *
   * @param text whether all of it is UTF-8 without zero bytes; only text was looked at
   * @param rules that matched, sorted
   */
  public record Result(boolean text, List<String> rules) {}

  /** Takes the next piece; its position is not changed. */
  public void add(ByteBuffer piece) {
    if (!text) {
      return;
    }
    ByteBuffer in = joined(piece);
    CoderResult result = decoder.decode(in, window, false);
    while (result.isOverflow()) {
      look(false);
      result = decoder.decode(in, window, false);
    }
    text &= !result.isError();
    begun = ByteBuffer.allocate(in.remaining()).put(in).flip();
  }

  /** What the pieces make; nothing can be added afterwards. */
  public Result finish() {
    text &= !begun.hasRemaining();
    if (text) {
      look(true);
    }
    return new Result(text, text ? List.copyOf(rules) : List.of());
  }

  /** A sequence of bytes that the last piece began and this one goes on with. */
  private ByteBuffer joined(ByteBuffer piece) {
    if (!begun.hasRemaining()) {
      return piece.duplicate();
    }
    if (begun.remaining() >= LONGEST_SEQUENCE_BYTES) {
      throw new IllegalStateException("a decoder leaves at most three bytes");
    }
    return ByteBuffer.allocate(begun.remaining() + piece.remaining())
        .put(begun)
        .put(piece.duplicate())
        .flip();
  }

  /**
   * Looks at the window up to its last line end, if it has one near, because half a line may read
   * otherwise than the whole. The end of what was looked at stays for the next window.
   */
  private void look(boolean last) {
    String content = window.flip().toString();
    window.clear();
    text &= content.indexOf('\0') < 0;
    int lineEnd = content.lastIndexOf('\n') + 1;
    int end = last || lineEnd <= OVERLAP_CHARS ? content.length() : lineEnd;
    rules.addAll(redactor.redactText(content.substring(0, end)).rules());
    if (!last) {
      window.put(content, overlapStart(content, end), content.length());
    }
  }

  private static int overlapStart(String content, int end) {
    int start = Math.max(0, end - OVERLAP_CHARS);
    int lineStart = content.indexOf('\n', start) + 1;
    return lineStart > 0 && lineStart < end - OVERLAP_CHARS / 2 ? lineStart : start;
  }
}
