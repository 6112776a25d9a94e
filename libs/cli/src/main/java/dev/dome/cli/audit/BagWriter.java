package dev.dome.cli.audit;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import java.io.IOException;
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
final class BagWriter extends Draft implements AutoCloseable {
  private static final String BAG = "bag";
  private static final String MARKS = "marks.json";
  private static final String PARTS = "parts";
  private static final String SCRATCH = "new";
  private static final String LOCK = "lock";
  private static final String OF = "of";

  private final Path target;
  private final Path place;
  private final FileChannel lock;
  private boolean kept;

  private BagWriter(Path target, Path place, FileChannel lock) throws IOException {
    super(place.resolve(BAG), place.resolve(MARKS), place.resolve(SCRATCH));
    this.target = target;
    this.place = place;
    this.lock = lock;
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

  /**
   * A directory of the bag that is filled with notes of its own.
   *
   * @param directory below the bag's root
   * @param name of the notes: a plain name, unlike that of any other part
   */
  Draft part(String directory, String name) throws IOException {
    return new Draft(
        draft().resolve(directory),
        place.resolve(PARTS).resolve(name + ".json"),
        place.resolve(SCRATCH));
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
