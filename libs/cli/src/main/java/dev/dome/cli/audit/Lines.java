package dev.dome.cli.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The JSON objects of a file of a bag, one a line, one after the other. */
final class Lines implements AutoCloseable {
  /** A name that stands twice means one thing to this reader and another to the next. */
  private static final ObjectReader READER =
      Json.mapper().readerFor(JsonNode.class).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  private final String name;
  private final JsonLines lines;
  private final Progress progress;
  private final long bytes;
  private long number;

  private Lines(String name, JsonLines lines, Progress progress, long bytes) {
    this.name = name;
    this.lines = lines;
    this.progress = progress;
    this.bytes = bytes;
  }

  /**
   * Reads a file of a bag.
   *
   * @param progress is told how far it was read
   */
  static Lines of(Path root, String name, Progress progress) throws IOException {
    Path file = root.resolve(name);
    return new Lines(
        name, new JsonLines(Files.newInputStream(file), name), progress, Files.size(file));
  }

  /**
   * The next line; empty at the end.
   *
   * @throws Failure when it is no JSON object
   */
  Optional<ObjectNode> next() throws IOException {
    Optional<byte[]> line = lines.next();
    number++;
    progress.at("checking " + name, lines.bytesRead(), bytes);
    return line.map(text -> object(utf8(text, name), at()));
  }

  /** Names the line that was read last. */
  String at() {
    return name + " line " + number + ": ";
  }

  /**
   * Text that must be UTF-8.
   *
   * @param name begins the finding when it is not
   */
  static String utf8(byte[] text, String name) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw new Failure(Failure.MALFORMED, name + " is not UTF-8");
    }
  }

  /**
   * A text that must be one JSON object.
   *
   * @param at begins the finding when it is none
   */
  static ObjectNode object(String text, String at) {
    try {
      JsonNode tree = READER.readTree(text);
      Failure.unless(tree.isObject(), at + "no JSON object");
      return (ObjectNode) tree;
    } catch (JsonProcessingException e) {
      throw new Failure(at + "no JSON object");
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
