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
          // The service's log is JSON lines. An archive that the JVM cannot use is no error: it
          // starts without one and leaves another behind.
          "-Xlog:all=error,cds*=off:stderr",
          "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

  private JvmFlags() {}

  /**
   * Flags for the process of the name.
   *
   * @param lifetime a detached process may spend a moment at its end to leave the archive; one that
   *     ends with its parent only uses what is there
   */
  static List<String> of(String processName, Path jar, Lifetime lifetime, Cache cache) {
    var flags = new ArrayList<>(SMALL);
    var archive = ClassArchive.of(processName, jar, cache);
    if (lifetime == Lifetime.DETACHED) {
      archive.deleteOlder();
      flags.add("-XX:+AutoCreateSharedArchive");
    }
    if (lifetime == Lifetime.DETACHED || Files.exists(archive.file())) {
      flags.add("-XX:SharedArchiveFile=" + archive.file());
    }
    return List.copyOf(flags);
  }
}
