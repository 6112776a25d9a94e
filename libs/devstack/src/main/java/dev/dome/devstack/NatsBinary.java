package dev.dome.devstack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A nats-server of version 2.12 or later, which is the first with atomic batches: {@code
 * $DOME_NATS_SERVER}, else PATH, else the cache, else the pinned release, else Debian's package.
 */
final class NatsBinary {
  private static final Pattern VERSION = Pattern.compile("v?(\\d+)\\.(\\d+)\\.\\d+");
  private static final String ENTRY = "nats-server";

  private final Cache cache;
  private final List<Source> sources;

  /** One way to bring a nats-server onto this machine. */
  interface Source {
    String name();

    /**
     * Leaves an executable {@code nats-server} in the directory.
     *
     * @throws DevstackException when this way is closed here; the message says why
     */
    void fetch(Path directory);
  }

  NatsBinary(Cache cache) {
    this.cache = cache;
    this.sources = List.of(new NatsRelease(), new DebianPackage("nats-server"));
  }

  /**
   * The executable.
   *
   * @throws DevstackException when none can be had, naming every way that was tried
   */
  Path find() {
    var configured =
        Optional.ofNullable(System.getenv("DOME_NATS_SERVER")).filter(v -> !v.isBlank());
    if (configured.isPresent()) {
      return mustBeRecent(Path.of(configured.get()));
    }
    return Executables.onPath(ENTRY)
        .filter(NatsBinary::isRecent)
        .orElseGet(() ->
            mustBeRecent(cache.directory(ENTRY, target -> fetch(target, sources)).resolve(ENTRY)));
  }

  static void fetch(Path directory, List<Source> sources) {
    var refusals = new ArrayList<String>();
    for (var source : sources) {
      try {
        source.fetch(directory);
        return;
      } catch (DevstackException e) {
        refusals.add(source.name() + ": " + e.getMessage());
      }
    }
    throw new DevstackException(
        "no nats-server 2.12 or later: put one on PATH or name it in DOME_NATS_SERVER. Tried "
            + String.join("; ", refusals));
  }

  private static Path mustBeRecent(Path binary) {
    if (!Files.isExecutable(binary)) {
      throw new DevstackException(binary + " is not an executable nats-server");
    }
    if (!isRecent(binary)) {
      throw new DevstackException(
          binary + " is not nats-server 2.12 or later: " + versionLine(binary));
    }
    return binary;
  }

  private static boolean isRecent(Path binary) {
    return isRecent(versionLine(binary));
  }

  /** Whether the line that {@code nats-server --version} prints tells of 2.12 or later. */
  static boolean isRecent(String versionLine) {
    var version = VERSION.matcher(versionLine);
    if (!version.find()) {
      return false;
    }
    var major = Integer.parseInt(version.group(1));
    return major > 2 || (major == 2 && Integer.parseInt(version.group(2)) >= 12);
  }

  private static String versionLine(Path binary) {
    return Executables.run(List.of(binary.toString(), "--version")).output();
  }
}
