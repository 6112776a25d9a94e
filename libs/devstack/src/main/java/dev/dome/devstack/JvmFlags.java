package dev.dome.devstack;

import java.util.List;

/** Flags that keep several JVMs small on one machine. */
final class JvmFlags {
  /** A small heap that gives memory back, and no thread stacks or code cache of server size. */
  static final List<String> SMALL_SERVICE =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms32m",
          "-Xmx192m",
          "-Xss512k",
          "-XX:MaxMetaspaceSize=128m",
          "-XX:ReservedCodeCacheSize=64m",
          "-XX:+ExitOnOutOfMemoryError",
          "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

  private JvmFlags() {}
}
