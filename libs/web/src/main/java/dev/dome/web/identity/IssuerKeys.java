package dev.dome.web.identity;

import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * An issuer's keys as last read. They are read again beside the requests: when they have become
 * old, and when a token names a key that is not among them, so that an issuer may change its keys
 * at any time. Whatever tokens name, there is one reading at a time and one in ten seconds.
 */
public final class IssuerKeys {
  private static final Logger LOG = Logger.getLogger(IssuerKeys.class);

  /** Between readings, so that tokens with made-up keys are no way to load the issuer. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  private final KeyLocation location;
  private final Duration refresh;
  private final Duration kept;
  private final InstantSource clock;
  private final AtomicBoolean reading = new AtomicBoolean();
  private volatile Held held;
  private volatile long triedAtMs = Long.MIN_VALUE;

  private record Held(KeySet keys, long readAtMs) {}

  /** What is known of a key. */
  sealed interface Lookup {
    record Found(PublicKey key) implements Lookup {}

    /** The issuer does not have it. */
    record Unknown() implements Lookup {}

    /** Nobody knows yet: keys are being read, or none could be read so far. */
    record Pending() implements Lookup {}
  }

  /**
   * Keys of the location, none of which is read yet.
   *
   * @param refresh after which they are read again
   * @param kept how long they are believed while that fails
   */
  IssuerKeys(KeyLocation location, Duration refresh, Duration kept, InstantSource clock) {
    this.location = location;
    this.refresh = refresh;
    this.kept = kept;
    this.clock = clock;
  }

  /**
   * Reads them now, where that does not depend on a server; others are asked beside the start.
   *
   * @throws IOException when a file has no keys
   */
  void open() throws IOException {
    if (location.isRemote()) {
      readBeside();
    } else {
      take(readFile());
    }
  }

  private byte[] readFile() throws IOException {
    try {
      return location.read();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keys were read", e);
    }
  }

  /** Never waits. */
  Lookup find(String id, String algorithm) {
    long now = clock.millis();
    Held known = held;
    if (known == null || now - known.readAtMs() > kept.toMillis()) {
      readBeside();
      return new Lookup.Pending();
    }
    if (now - known.readAtMs() > refresh.toMillis()) {
      readBeside();
    }
    Optional<PublicKey> key = known.keys().find(id, algorithm);
    if (key.isPresent()) {
      return new Lookup.Found(key.get());
    }
    // Whoever comes while the keys are read, or sets that off, is to come again.
    boolean unsure = readBeside() || reading.get() || generation() != known.readAtMs();
    return unsure ? new Lookup.Pending() : new Lookup.Unknown();
  }

  /** Whether there are keys to verify a token with; asks for them when there are none. */
  boolean ready() {
    Held known = held;
    if (known != null && clock.millis() - known.readAtMs() <= kept.toMillis()) {
      return true;
    }
    readBeside();
    return false;
  }

  /** Another number whenever the keys may be others. */
  long generation() {
    Held known = held;
    return known == null ? Long.MIN_VALUE : known.readAtMs();
  }

  /** Starts reading unless that was tried a moment ago. */
  private boolean readBeside() {
    long now = clock.millis();
    boolean due = triedAtMs == Long.MIN_VALUE || now - triedAtMs >= PAUSE.toMillis();
    if (!due || !reading.compareAndSet(false, true)) {
      return false;
    }
    triedAtMs = now;
    Thread.ofVirtual().name("issuer-keys").start(this::readNow);
    return true;
  }

  private void readNow() {
    try {
      take(location.read());
    } catch (IOException | RuntimeException e) {
      LOG.warnf("keys of an issuer not read cause=%s", e.getMessage());
    } catch (InterruptedException e) {
      LOG.warn("keys of an issuer not read cause=interrupted");
    } finally {
      reading.set(false);
    }
  }

  private void take(byte[] text) throws IOException {
    KeySet read = KeySet.of(text);
    Held known = held;
    if (known == null || !known.keys().equals(read)) {
      LOG.infof("keys of an issuer read keys=%d", read.keys().size());
    }
    held = new Held(read, clock.millis());
  }
}
