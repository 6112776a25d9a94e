package dev.dome.cli.audit;

import dev.dome.security.PathGuard;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A bag as it was handed over: a directory, or a zip of one, which is unpacked for as long as the
 * archive is open. Nothing is written outside the place of unpacking, and not more than the limits
 * let, whatever the zip says of itself.
 */
final class BagArchive implements AutoCloseable {
  /** Files of a bag, packed or not. */
  static final int MAX_FILES = 100_000;

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path root;
  private final Optional<Path> unpacked;

  private BagArchive(Path root, Optional<Path> unpacked) {
    this.root = root;
    this.unpacked = unpacked;
  }

  /**
   * What is unpacked at most.
   *
   * @param bytes of all files together
   * @param ratio of what is unpacked to the size of the zip; JSON lines reach 50
   * @param freeBytes that may come whatever the ratio
   */
  record Limits(int files, long bytes, long ratio, long freeBytes) {
    static final Limits STANDARD = new Limits(MAX_FILES, 32L << 30, 200, 16 << 20);
  }

  /**
   * Opens a directory, or unpacks a zip.
   *
   * @throws Failure when the zip is none, or holds what no bag has
   */
  static BagArchive open(Path bag, Limits limits) throws IOException {
    if (!Files.isRegularFile(bag)) {
      return new BagArchive(bag, Optional.empty());
    }
    Path place = Files.createTempDirectory("dome-bag-");
    BagArchive archive = new BagArchive(place, Optional.of(place));
    try {
      new Unpacking(bag, place, limits).run();
      return new BagArchive(rootIn(place), Optional.of(place));
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  /** Where the bag lies. */
  Path root() {
    return root;
  }

  /**
   * A packed bag lies in one directory (RFC 8493 section 4.1); or its files were packed as such.
   */
  private static Path rootIn(Path place) throws IOException {
    if (Files.exists(place.resolve(BagFiles.DECLARATION))) {
      return place;
    }
    try (Stream<Path> inside = Files.list(place)) {
      List<Path> all = inside.toList();
      Failure.unless(
          all.size() == 1 && Files.isDirectory(all.getFirst()),
          Failure.MALFORMED,
          "the zip holds no bag, or more than one");
      return all.getFirst();
    }
  }

  private static final class Unpacking {
    private final Path zip;
    private final Path place;
    private final Limits limits;
    private final PathGuard guard;
    private final long mostBytes;
    private long written;

    Unpacking(Path zip, Path place, Limits limits) throws IOException {
      this.zip = zip;
      this.place = place;
      this.limits = limits;
      this.guard = new PathGuard(place);
      this.mostBytes =
          Math.min(limits.bytes(), limits.freeBytes() + limits.ratio() * Files.size(zip));
    }

    void run() throws IOException {
      try (ZipFile file = opened()) {
        List<ZipArchiveEntry> entries = Collections.list(file.getEntries());
        Failure.unless(
            entries.size() <= limits.files(),
            Failure.LIMIT,
            "the zip has more than " + limits.files() + " entries");
        for (ZipArchiveEntry entry : entries) {
          unpack(file, entry);
        }
      } catch (FileAlreadyExistsException e) {
        throw new Failure(Failure.MALFORMED, "the zip has a name twice");
      } catch (ZipException | EOFException e) {
        throw noZip();
      }
    }

    private ZipFile opened() {
      try {
        return ZipFile.builder().setPath(zip).get();
      } catch (IOException e) {
        throw noZip();
      }
    }

    private Failure noZip() {
      return new Failure(Failure.MALFORMED, zip + " is no zip that can be read");
    }

    private void unpack(ZipFile file, ZipArchiveEntry entry) throws IOException {
      Path target = target(entry);
      if (entry.isDirectory()) {
        Files.createDirectories(target);
        return;
      }
      Files.createDirectories(target.getParent());
      try (InputStream in = file.getInputStream(entry);
          OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
        copy(in, out);
      }
    }

    private Path target(ZipArchiveEntry entry) {
      int type = entry.getUnixMode() & UnixStat.FILE_TYPE_FLAG;
      Failure.unless(
          type == 0 || type == UnixStat.FILE_FLAG || type == UnixStat.DIR_FLAG,
          Failure.PATH,
          "the zip has an entry that is no plain file: " + entry.getName());
      return switch (guard.resolve(entry.getName())) {
        case PathGuard.Result.Inside inside -> place.resolve(entry.getName());
        case PathGuard.Result.Refused refused ->
            throw new Failure(
                Failure.PATH,
                "the zip names a path outside the bag: "
                    + entry.getName()
                    + ": "
                    + refused.reasonCode());
      };
    }

    /** Counts what comes, not what the zip says would come. */
    private void copy(InputStream in, OutputStream out) throws IOException {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        written += read;
        Failure.unless(
            written <= mostBytes,
            Failure.LIMIT,
            "the zip unpacks to more than " + mostBytes + " bytes");
        out.write(buffer, 0, read);
      }
    }
  }

  /** Removes what was unpacked. */
  @Override
  public void close() throws IOException {
    if (unpacked.isPresent()) {
      BagFiles.remove(unpacked.get());
    }
  }
}
