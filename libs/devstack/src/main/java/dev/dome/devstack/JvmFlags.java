package dev.dome.devstack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Flags that keep several JVMs small on one machine and let them start from an archive of loaded
 * classes, which a service that runs in the background leaves behind at its first orderly end. With
 * the archive a start costs about a third of the processor time.
 */
final class JvmFlags {
  private static final List<String> SMALL =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms32m",
          "-Xmx256m",
          "-Xss512k",
          "-XX:MaxMetaspaceSize=160m",
          "-XX:ReservedCodeCacheSize=64m",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xlog:disable",
          "-Xlog:all=error:stderr",
          "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

  private JvmFlags() {}

  /**
   * Flags for the process of the name.
   *
   * @param lifetime a detached process may spend a moment at its end to leave the archive; one that
   *     ends with its parent only uses what is there
   */
  static List<String> of(String processName, Lifetime lifetime, Cache cache) {
    var flags = new ArrayList<>(SMALL);
    var archive = archive(processName, cache);
    if (lifetime == Lifetime.DETACHED) {
      flags.add("-XX:+AutoCreateSharedArchive");
    }
    if (lifetime == Lifetime.DETACHED || Files.exists(archive)) {
      flags.add("-XX:SharedArchiveFile=" + archive);
    }
    return List.copyOf(flags);
  }

  private static Path archive(String processName, Cache cache) {
    var version = Runtime.version().feature();
    return PrivateFiles.directory(cache.root().resolve("classes"))
        .resolve(processName + "-java" + version + ".jsa");
  }
}
