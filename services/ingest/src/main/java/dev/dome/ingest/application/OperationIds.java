package dev.dome.ingest.application;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/**
 * UUID version 7 texts (RFC 9562 section 5.7): 48 bits of epoch milliseconds, then random bits, so
 * that ids of later operations sort later.
 */
public final class OperationIds {
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  public OperationIds(InstantSource clock) {
    this.clock = clock;
  }

  public String next() {
    long randomA = random.nextLong();
    long randomB = random.nextLong();
    long most = (clock.millis() << 16) | 0x7000L | (randomA & 0x0fffL);
    long least = (randomB & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(most, least).toString();
  }
}
