package dev.dome.cli.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The JSON objects of a file of a bag, one a line, one after the other. */
final class Lines implements AutoCloseable {
  /** A name that stands twice means one thing to this reader and another to the next. */
  private static final ObjectReader READER =
      Json.mapper().readerFor(JsonNode.class).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  private final String name;
  private final BufferedReader reader;
  private long number;

  private Lines(String name, BufferedReader reader) {
    this.name = name;
    this.reader = reader;
  }

  static Lines of(Path root, String name) throws IOException {
    return new Lines(name, Files.newBufferedReader(root.resolve(name)));
  }

  /**
   * The next line; empty at the end.
   *
   * @throws Failure when it is no JSON object
   */
  Optional<ObjectNode> next() throws IOException {
    try {
      String line = reader.readLine();
      number++;
      return line == null ? Optional.empty() : Optional.of(object(line, at()));
    } catch (MalformedInputException e) {
      throw new Failure(name + " is not UTF-8");
    }
  }

  /** Names the line that was read last. */
  String at() {
    return name + " line " + number + ": ";
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
    reader.close();
  }
}
