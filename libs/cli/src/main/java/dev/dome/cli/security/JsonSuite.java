package dev.dome.cli.security;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The documents of JSONTestSuite that are no JSON. */
public final class JsonSuite {
  private static final String RESOURCE = "json-test-suite.txt";
  private static final String TIMES = " * ";

  private JsonSuite() {}

  /**
   * One of them.
   *
   * @param name as the suite has it
   */
  // The bytes are sent and never compared as a component.
  @SuppressWarnings("ArrayRecordComponent")
  public record Document(String name, byte[] bytes) {}

  /** All 188 of them. */
  public static List<Document> rejected() {
    try (InputStream in = JsonSuite.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> line.startsWith("n_"))
          .map(line -> line.split("\t", 2))
          .map(parts -> new Document(parts[0], content(parts[1])))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the suite is part of this program", e);
    }
  }

  private static byte[] content(String written) {
    int times = written.indexOf(TIMES);
    if (times >= 0) {
      int count = Integer.parseInt(written.substring(times + TIMES.length()));
      return written.substring(0, times).repeat(count).getBytes(StandardCharsets.US_ASCII);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < written.length(); i++) {
      if (written.charAt(i) == '%') {
        bytes.write(Integer.parseInt(written, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(written.charAt(i));
      }
    }
    return bytes.toByteArray();
  }
}
