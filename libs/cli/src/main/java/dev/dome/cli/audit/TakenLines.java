package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A file of JSON lines that is taken from a server piece by piece. A line that was cut short is cut
 * off when the file is gone on with.
 */
final class TakenLines {
  private final Draft bag;
  private final String name;
  private final Consumer<JsonNode> each;
  private final Progress progress;
  private long bytes;

  /**
   * Goes on with what an earlier process took.
   *
   * @param each is given every whole line once, in their order
   */
  TakenLines(Draft bag, String name, Consumer<JsonNode> each, Progress progress)
      throws IOException {
    this.bag = bag;
    this.name = name;
    this.each = each;
    this.progress = progress;
    if (bag.has(name)) {
      read();
      bag.behind(name, bytes).close();
    }
  }

  /**
   * Takes a piece; what came of it before a failure counts as well.
   *
   * @param piece lines, each with a line feed at its end
   */
  void take(Draft.Content piece) throws IOException {
    try (OutputStream out = new Counted(bag.behind(name, bytes))) {
      piece.writeTo(out);
    } finally {
      read();
    }
  }

  /** Reads the whole lines behind those that were read. */
  private void read() throws IOException {
    try (InputStream in = Files.newInputStream(bag.draft().resolve(name))) {
      in.skipNBytes(bytes);
      JsonLines lines = new JsonLines(in, name);
      long before = bytes;
      Optional<byte[]> line = lines.next();
      while (line.isPresent() && lines.isWhole()) {
        each.accept(parsed(line.get()));
        bytes = before + lines.bytesRead();
        line = lines.next();
      }
    }
  }

  private JsonNode parsed(byte[] line) {
    try {
      return Json.read(line, JsonNode.class);
    } catch (IllegalArgumentException e) {
      throw new Failure(Failure.MALFORMED, name + " has a line that is no JSON");
    }
  }

  /** Tells how many bytes there are. */
  private final class Counted extends FilterOutputStream {
    private long written = bytes;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] content, int offset, int length) throws IOException {
      out.write(content, offset, length);
      written += length;
      progress.at("taking " + name + ", bytes", written, 0);
    }
  }
}
