package dev.dome.transparency;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * A log in a directory, laid out as C2SP tlog-tiles wants it served, so that any web server serves
 * it. Each file is written beside its place, synced and moved there; the head, in {@code .head}, is
 * written after the tiles and the checkpoint after that. One process grows it at a time: the one
 * that did so first.
 */
public final class FileLogStore implements LogStore, AutoCloseable {
  private static final String HEAD = ".head";
  private static final String CHECKPOINT = "checkpoint";

  private final Path directory;
  private FileChannel lock;

  private FileLogStore(Path directory) {
    this.directory = directory;
  }

  /** The log in the directory, which is made once the log is grown. */
  public static FileLogStore in(Path directory) {
    return new FileLogStore(directory);
  }

  /** Keeps others from growing the log until this is closed, or the process ends. */
  private void lock() throws IOException {
    if (lock != null) {
      return;
    }
    Files.createDirectories(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isLocked(channel)) {
      channel.close();
      throw new IllegalStateException(directory + " is grown by another process");
    }
    lock = channel;
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public TreeHead head() {
    return read(directory.resolve(HEAD))
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip().split(" "))
        .map(parts -> new TreeHead(Long.parseLong(parts[0]), Base64.getDecoder().decode(parts[1])))
        .orElse(TreeHead.EMPTY);
  }

  @Override
  public byte[] read(TileId.Part part) {
    Optional<byte[]> exact = read(directory.resolve(part.path()));
    if (exact.isPresent()) {
      return exact.get();
    }
    // A narrower part of a tile that has grown since is the beginning of it.
    int width = part.id().widthAt(head().size());
    return (width > part.width() ? stored(part.id(), width) : Optional.<byte[]>empty())
        .map(bytes -> beginning(part, bytes))
        .orElseThrow(() -> new MissingTileException(part));
  }

  private Optional<byte[]> stored(TileId id, int width) {
    return read(directory.resolve(new TileId.Part(id, width).path()));
  }

  private static byte[] beginning(TileId.Part part, byte[] bytes) {
    return part.id().level() == TileId.ENTRIES
        ? EntryBundle.first(bytes, part.width())
        : java.util.Arrays.copyOf(bytes, part.width() * Hashes.SIZE);
  }

  private static Optional<byte[]> read(Path file) {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void grow(Growth growth) {
    try {
      lock();
      if (!head().equals(growth.before())) {
        throw new StaleHeadException(growth.before());
      }
      for (Map.Entry<TileId, byte[]> tile : growth.tiles().entrySet()) {
        TileId id = tile.getKey();
        int width = id.widthAt(growth.after().size());
        write(directory.resolve(new TileId.Part(id, width).path()), tile.getValue());
      }
      String head = growth.after().toString() + "\n";
      write(directory.resolve(HEAD), head.getBytes(StandardCharsets.US_ASCII));
      for (TileId id : growth.tiles().keySet()) {
        forgetNarrower(id, id.widthAt(growth.before().size()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The part that the log had before is the beginning of the one it has now. */
  private void forgetNarrower(TileId id, int width) throws IOException {
    if (width > 0 && width < TileId.WIDTH) {
      Files.deleteIfExists(directory.resolve(new TileId.Part(id, width).path()));
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    Path folder = Files.createDirectories(file.getParent());
    Path next = Files.createTempFile(folder, ".next", "");
    try (FileChannel out = FileChannel.open(next, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
      entry.force(true);
    }
  }

  @Override
  public Optional<String> checkpoint() {
    return read(directory.resolve(CHECKPOINT))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void publish(String checkpoint) {
    long size = Checkpoint.parse(checkpoint).orElseThrow().head().size();
    boolean isNewer =
        checkpoint()
            .flatMap(Checkpoint::parse)
            .map(published -> published.head().size() < size)
            .orElse(true);
    if (isNewer) {
      try {
        lock();
        write(directory.resolve(CHECKPOINT), checkpoint.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }
}
