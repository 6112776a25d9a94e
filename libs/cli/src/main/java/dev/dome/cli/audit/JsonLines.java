package dev.dome.cli.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The lines of a file as bytes, one after the other, none of them longer than {@link
 * #MAX_LINE_BYTES}: a file of any length takes the memory of one line.
 */
final class JsonLines implements AutoCloseable {
  /** Four times what a message of dome holds at most. */
  static final int MAX_LINE_BYTES = 4 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final String name;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private long bytesRead;
  private boolean whole;

  /**
   * Reads a stream.
   *
   * @param name of the file, for findings
   */
  JsonLines(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /**
   * The next line without its line feed; empty at the end.
   *
   * @throws Failure when it is too long
   */
  Optional<byte[]> next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean any = false;
    while (fill()) {
      any = true;
      int feed = feed();
      line.write(buffer, at, feed - at);
      whole = feed < end;
      bytesRead += feed - at + (whole ? 1 : 0);
      at = whole ? feed + 1 : feed;
      Failure.unless(
          line.size() <= MAX_LINE_BYTES,
          Failure.LIMIT,
          name + " has a line beyond " + MAX_LINE_BYTES + " bytes");
      if (whole) {
        break;
      }
    }
    return any ? Optional.of(line.toByteArray()) : Optional.empty();
  }

  /** Whether the line that was read last ends with a line feed. */
  boolean isWhole() {
    return whole;
  }

  /** How many bytes the lines so far have, with their line feeds. */
  long bytesRead() {
    return bytesRead;
  }

  private boolean fill() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, in.read(buffer));
    }
    return at < end;
  }

  /** Where the line ends, or the buffer. */
  private int feed() {
    int feed = at;
    while (feed < end && buffer[feed] != '\n') {
      feed++;
    }
    return feed;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
