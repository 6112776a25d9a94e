package dev.dome.journal.adapter.nats;

import dev.dome.contracts.id.Lane;
import dev.dome.journal.LaneShares;
import dev.dome.messaging.JournalReader;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/** The readers of one channel: of every lane, or of this replica's share, asked for in turns. */
final class LaneReaders implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(LaneReaders.class);

  /** Several times within a term of the shares, so that one answer that fails costs nothing. */
  static final Duration RENEW_EVERY = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final int laneCount;
  private final Function<Lane, JournalReader> start;
  private final Map<Lane, JournalReader> reading =
      new ConcurrentSkipListMap<>(Comparator.comparingInt(Lane::number));
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch closing = new CountDownLatch(1);
  private Thread keeper;
  private volatile boolean settled;

  LaneReaders(int laneCount, Function<Lane, JournalReader> start) {
    this.laneCount = laneCount;
    this.start = start;
  }

  /** Reads every lane. */
  void readAll() {
    read(IntStream.range(0, laneCount).mapToObj(Lane::new).collect(Collectors.toSet()));
  }

  /** Reads what the shares give, from now on until it is closed. */
  void readShare(LaneShares shares) {
    keeper = Thread.ofVirtual().name("lane-shares").start(() -> keep(shares));
  }

  private void keep(LaneShares shares) {
    try {
      do {
        renew(shares);
      } while (!closing.await(RENEW_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      LOG.debug("lane shares interrupted");
    }
  }

  /** Without an answer it reads on: a lane that went to another replica is not spoiled by it. */
  private void renew(LaneShares shares) {
    try {
      read(shares.renew(laneCount).await().atMost(PATIENCE));
    } catch (RuntimeException e) {
      LOG.warnf(
          "lane shares not renewed type=%s cause=%s", e.getClass().getSimpleName(), e.getMessage());
    }
  }

  private void read(Set<Lane> lanes) {
    lock.lock();
    try {
      if (closing.getCount() == 0) {
        return;
      }
      for (Lane lane : Set.copyOf(reading.keySet())) {
        if (!lanes.contains(lane)) {
          reading.remove(lane).close();
        }
      }
      lanes.forEach(lane -> reading.computeIfAbsent(lane, start));
      settled = true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is known which lanes are to be read. */
  boolean settled() {
    return settled;
  }

  List<JournalReader> all() {
    return List.copyOf(reading.values());
  }

  /** Stops reading; a renewal under way is waited for, so that none comes after it. */
  @Override
  public void close() {
    closing.countDown();
    try {
      if (keeper != null) {
        keeper.join(PATIENCE.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lock.lock();
    try {
      reading.values().forEach(JournalReader::close);
    } finally {
      lock.unlock();
    }
  }
}
