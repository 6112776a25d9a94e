package dev.dome.devstack;

import java.util.ArrayList;
import java.util.List;

/**
 * Flags that keep several JVMs small on one machine and let them start from an archive of loaded
 * classes, which a service leaves behind at its first orderly end. With the archive a start costs
 * about half of the processor time.
 */
final class JvmFlags {
  static final List<String> EVERY =
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
          // starts without one.
          "-Xlog:all=error,cds*=off:stderr",
          "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

  /**
   * No optimising compiler, and the other one for what is called more often than a start does; and
   * the archive stays where it was made for, so it stays shared.
   */
  private static final List<String> FAST_START =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:CompileThresholdScaling=4",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:ArchiveRelocationMode=0");

  private JvmFlags() {}

  /** The first replica leaves what is missing, so that no two processes write it at once. */
  static List<String> of(ServiceProcess.Options options) {
    var flags = new ArrayList<>(EVERY);
    switch (options.jvm()) {
      case SMALL -> flags.addAll(FAST_START);
      case AS_DEPLOYED -> {}
    }
    flags.addAll(options.classes().flags(options.isFirstReplica()));
    return List.copyOf(flags);
  }
}
