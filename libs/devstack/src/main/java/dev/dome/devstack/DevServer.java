package dev.dome.devstack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A server on this machine that a test or a person starts, kills, pauses and starts again on the
 * same port and data. One thread at a time drives it.
 */
public abstract sealed class DevServer implements AutoCloseable
    permits NatsServer, PostgresServer, ServiceProcess {
  /** Long enough for a JVM to leave its class archive on a busy machine. */
  static final Duration STOP_GRACE = Duration.ofSeconds(60);

  /** Each question costs a process that is starting on a small machine what it starts with. */
  private static final long POLL_MS = 25;

  private final String name;
  private final Path log;
  private final Lifetime lifetime;
  private ChildProcess process;

  DevServer(String name, Path log, Lifetime lifetime) {
    this.name = name;
    this.log = log;
    this.lifetime = lifetime;
  }

  abstract List<String> command();

  abstract Map<String, String> environment();

  /** Whether the process, once started, now serves. */
  abstract boolean isServing();

  abstract Duration startLimit();

  abstract String stopSignal();

  Path workingDirectory() {
    return log.toAbsolutePath().getParent();
  }

  /** Starts the process and returns when it serves. */
  final void start() {
    launch();
    awaitServing();
  }

  /** Starts the process and returns at once. */
  final void launch() {
    process =
        ChildProcess.start(
            new ChildProcess.Launch(command(), environment(), workingDirectory(), log, lifetime));
  }

  /** Drives a process that was started elsewhere in this JVM or before it. */
  final void adopt(ChildProcess running) {
    process = running;
  }

  /** Returns when the launched process serves. */
  final void awaitServing() {
    var deadline = System.nanoTime() + startLimit().toNanos();
    while (!isServing()) {
      if (!process.isAlive()) {
        throw new DevstackException(
            name + " ended while starting; its last words (" + log + "):\n" + lastWords());
      }
      if (System.nanoTime() > deadline) {
        throw new DevstackException(
            name + " did not serve within " + startLimit() + "; see " + log + ":\n" + lastWords());
      }
      Pause.ofMs(POLL_MS);
    }
  }

  private String lastWords() {
    return ChildProcess.tail(log, 15);
  }

  /** Starts again on the same port and data, after {@link #kill()} or {@link #stop()}. */
  public final void restart() {
    if (isAlive()) {
      stop();
    }
    start();
  }

  public final String name() {
    return name;
  }

  public final Path log() {
    return log;
  }

  public final long pid() {
    return process.pid();
  }

  public final long startedAtMs() {
    return process.startedAtMs();
  }

  public final boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** kill -9. */
  public final void kill() {
    process.kill();
  }

  /** SIGSTOP: the process keeps its connections and answers nothing. */
  public final void pause() {
    process.pause();
  }

  /** SIGCONT. */
  public final void resume() {
    process.resume();
  }

  /** An orderly end; insists after some seconds. */
  public final void stop() {
    if (isAlive()) {
      process.stop(stopSignal(), STOP_GRACE);
    }
  }

  @Override
  public final void close() {
    stop();
  }
}
