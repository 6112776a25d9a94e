package dev.dome.cli.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a BagIt 1.0 bag (RFC 8493) beside its place and moves it there as a whole, so that a
 * directory of that name is always a complete bag. Closing without {@link #publish} leaves nothing.
 */
final class BagWriter implements AutoCloseable {
  private final Path target;
  private final Path draft;

  private BagWriter(Path target, Path draft) {
    this.target = target;
    this.draft = draft;
  }

  /**
   * Begins a bag.
   *
   * @param target must not exist; the directory above it must
   */
  static BagWriter to(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path draft = Files.createTempDirectory(absolute.getParent(), "." + absolute.getFileName());
    Files.createDirectory(draft.resolve(BagFiles.PAYLOAD));
    return new BagWriter(absolute, draft);
  }

  /** Where the bag grows until it is published. */
  Path draft() {
    return draft;
  }

  /** Begins a file anew. */
  OutputStream file(String name) throws IOException {
    return Files.newOutputStream(draft.resolve(name));
  }

  /**
   * Writes the tag files over what is there.
   *
   * @param info of bag-info.txt, in this order; Payload-Oxum is added
   */
  void seal(Map<String, String> info, String readme) throws IOException {
    List<String> payload = BagFiles.below(draft).stream().filter(BagFiles::isPayload).toList();
    long bytes = 0;
    for (String name : payload) {
      bytes += Files.size(draft.resolve(name));
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
    for (String name : BagFiles.below(draft)) {
      try (FileChannel file = FileChannel.open(draft.resolve(name), StandardOpenOption.READ)) {
        file.force(true);
      }
    }
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private String manifest(List<String> names) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String name : names) {
      lines.append(BagFiles.sha256(draft.resolve(name))).append("  ").append(name).append('\n');
    }
    return lines.toString();
  }

  private static String lines(Map<String, String> info) {
    return info.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(draft.resolve(name), text);
  }

  /** Removes what was not published. */
  @Override
  public void close() throws IOException {
    if (Files.exists(draft)) {
      try (Stream<Path> files = Files.walk(draft)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
