package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A directory that is filled, and notes beside it about how far that has come, both of which a
 * later process goes on with.
 */
class Draft {
  private final Path root;
  private final Path notes;
  private final Path scratch;
  private final ObjectNode marks;

  /**
   * Goes on with what is there, if anything is.
   *
   * @param notes a file outside of the directory
   * @param scratch a file that nobody else writes, on the same file system as both
   */
  Draft(Path root, Path notes, Path scratch) throws IOException {
    this.root = root;
    this.notes = notes;
    this.scratch = scratch;
    this.marks =
        Files.exists(notes)
            ? (ObjectNode) Json.read(Files.readAllBytes(notes), JsonNode.class)
            : Json.mapper().createObjectNode();
  }

  /** Where the files grow. */
  Path draft() {
    return root;
  }

  /** Whether a file was begun. */
  boolean has(String name) {
    return Files.exists(root.resolve(name));
  }

  /** Goes on with a file behind its first bytes; what stands there is cut off. */
  OutputStream behind(String name, long bytes) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.truncate(bytes).position(bytes);
    return Channels.newOutputStream(channel);
  }

  /** Writes a file as a whole: it is there with all of its content, or not. */
  void write(String name, Content content) throws IOException {
    replace(root.resolve(name), content);
  }

  void write(String name, byte[] content) throws IOException {
    write(name, out -> out.write(content));
  }

  /** What a file is made of. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** What an earlier writer, or this one, noted about the export. */
  Optional<String> mark(String key) {
    return Optional.ofNullable(marks.get(key)).map(JsonNode::asText);
  }

  /** Notes something about the export that is not part of it. */
  void mark(String key, String value) throws IOException {
    marks.put(key, value);
    replace(notes, out -> out.write(Json.write(marks)));
  }

  private void replace(Path file, Content content) throws IOException {
    Files.createDirectories(file.getParent());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(scratch))) {
      content.writeTo(out);
    }
    Files.move(scratch, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
