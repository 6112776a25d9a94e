package dev.dome.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A partition of all runs, from 0; each lane has one writer at a time. */
public record Lane(@JsonValue int number) implements Comparable<Lane> {
  /** How many lanes a database is made with unless its operator chose otherwise. */
  public static final int DEFAULT_COUNT = 16;

  @JsonCreator
  public Lane {
    if (number < 0 || number > 0xffff) {
      throw new IllegalArgumentException("Lane expected 0..65535 but was " + number);
    }
  }

  /**
   * The lane of a run: the first four bytes of SHA-256 over namespace, zero byte, run id; mod
   * count.
   */
  public static Lane of(NamespaceId namespace, RunId runId, int laneCount) {
    MessageDigest digest = Identifiers.sha256();
    digest.update(namespace.value().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(runId.value().getBytes(StandardCharsets.UTF_8));
    int head = ByteBuffer.wrap(digest.digest()).getInt();
    return new Lane(Integer.remainderUnsigned(head, laneCount));
  }

  @Override
  public int compareTo(Lane other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Integer.toString(number);
  }
}
