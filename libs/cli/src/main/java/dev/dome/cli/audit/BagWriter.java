package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.contracts.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes a BagIt 1.0 bag (RFC 8493) beside its place and moves it there as a whole, so that a
 * directory of that name is always a complete bag. What was written before the process ended, or
 * was {@linkplain #keep kept}, is gone on with by the next writer to the same place.
 */
final class BagWriter implements AutoCloseable {
  private static final String BAG = "bag";
  private static final String MARKS = "marks.json";
  private static final String LOCK = "lock";
  private static final String OF = "of";

  private final Path target;
  private final Path place;
  private final FileChannel lock;
  private final ObjectNode marks;
  private boolean kept;

  private BagWriter(Path target, Path place, FileChannel lock) throws IOException {
    this.target = target;
    this.place = place;
    this.lock = lock;
    Path file = place.resolve(MARKS);
    this.marks =
        Files.exists(file)
            ? (ObjectNode) Json.read(Files.readAllBytes(file), JsonNode.class)
            : Json.mapper().createObjectNode();
  }

  /**
   * Begins a bag, or goes on with the one that was begun.
   *
   * @param target must not exist; the directory above it must
   * @param of what the bag is of; one that was begun of something else is not gone on with
   * @throws CliException when somebody else writes it, or it was begun of something else
   */
  static BagWriter to(Path target, String of) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path place = absolute.resolveSibling("." + absolute.getFileName() + ".part");
    Files.createDirectories(place.resolve(BAG).resolve(BagFiles.PAYLOAD));
    BagWriter writer = new BagWriter(absolute, place, locked(place));
    if (!writer.mark(OF).orElse(of).equals(of)) {
      writer.keep();
      String begun = writer.mark(OF).orElse("");
      writer.close();
      throw new CliException(
          ExitCode.FAILED,
          place + " is an export of " + begun + " that was not finished",
          "finish that, or remove the directory");
    }
    writer.mark(OF, of);
    return writer;
  }

  @SuppressWarnings("resource") // The lock is the channel's, which the writer closes.
  private static FileChannel locked(Path place) throws IOException {
    FileChannel channel =
        FileChannel.open(place.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Optional<FileLock> lock = tried(channel);
    if (lock.isEmpty()) {
      channel.close();
      throw new CliException(
          ExitCode.FAILED, place + " is being written", "wait for the other export to end");
    }
    return channel;
  }

  private static Optional<FileLock> tried(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    }
  }

  /** Where the bag grows until it is published. */
  Path draft() {
    return place.resolve(BAG);
  }

  /** Whether a file was begun. */
  boolean has(String name) {
    return Files.exists(draft().resolve(name));
  }

  /** Goes on with a file behind its first bytes; what stands there is cut off. */
  OutputStream behind(String name, long bytes) throws IOException {
    FileChannel channel =
        FileChannel.open(
            draft().resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.truncate(bytes).position(bytes);
    return Channels.newOutputStream(channel);
  }

  /** Writes a file as a whole: it is there with all of its content, or not. */
  void write(String name, Content content) throws IOException {
    Path file = draft().resolve(name);
    Files.createDirectories(file.getParent());
    replace(file, content);
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

  /** Notes something about the export that is not part of the bag. */
  void mark(String key, String value) throws IOException {
    marks.put(key, value);
    replace(place.resolve(MARKS), out -> out.write(Json.write(marks)));
  }

  private void replace(Path file, Content content) throws IOException {
    Path beside = place.resolve("new");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(beside))) {
      content.writeTo(out);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Writes the tag files over what is there.
   *
   * @param info of bag-info.txt, in this order; Payload-Oxum is added
   */
  void seal(Map<String, String> info, String readme) throws IOException {
    List<String> payload = BagFiles.below(draft()).stream().filter(BagFiles::isPayload).toList();
    long bytes = 0;
    for (String name : payload) {
      bytes += Files.size(draft().resolve(name));
    }
    write(BagFiles.DECLARATION, BagFiles.DECLARED);
    write(BagFiles.INFO, lines(info) + "Payload-Oxum: " + bytes + "." + payload.size() + "\n");
    write(BagFiles.README, readme);
    write(BagFiles.MANIFEST, manifest(payload));
    write(
        BagFiles.TAG_MANIFEST,
        manifest(List.of(BagFiles.README, BagFiles.INFO, BagFiles.DECLARATION, BagFiles.MANIFEST)));
  }

  /** Moves the bag to its place once everything is on disk. */
  void publish() throws IOException {
    for (String name : BagFiles.below(draft())) {
      try (FileChannel file = FileChannel.open(draft().resolve(name), StandardOpenOption.READ)) {
        file.force(true);
      }
    }
    Files.move(draft(), target, StandardCopyOption.ATOMIC_MOVE);
  }

  private String manifest(List<String> names) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String name : names) {
      lines.append(BagFiles.sha256(draft().resolve(name))).append("  ").append(name).append('\n');
    }
    return lines.toString();
  }

  private static String lines(Map<String, String> info) {
    return info.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private void write(String name, String text) throws IOException {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether nothing was written into the bag yet. */
  boolean isEmpty() throws IOException {
    for (String name : BagFiles.below(draft())) {
      if (Files.size(draft().resolve(name)) > 0) {
        return false;
      }
    }
    return true;
  }

  /** Closing leaves what was written, for the next writer to go on with. */
  void keep() {
    kept = true;
  }

  /** Removes what was neither published nor kept. */
  @Override
  public void close() throws IOException {
    try (lock) {
      if (!kept) {
        BagFiles.remove(place);
      }
    }
  }
}
