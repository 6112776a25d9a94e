package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.NamespaceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * The range of time of a namespace that an export is of.
 *
 * @param fromMs inclusive, epoch milliseconds
 * @param untilMs exclusive
 */
record BagRange(NamespaceId namespace, long fromMs, long untilMs) {
  private static final long MAX_BYTES = 1 << 16;
  private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);

  BagRange {
    if (fromMs >= untilMs) {
      throw new IllegalArgumentException("a range ends after it begins");
    }
  }

  String from() {
    return Timestamps.format(fromMs);
  }

  String until() {
    return Timestamps.format(untilMs);
  }

  /** How a bag names it; a run's bag names one part less. */
  String identifier() {
    return namespace + "/" + from() + "/" + until();
  }

  /** A name of a directory. */
  String fileName() {
    return "audit-" + namespace + "-" + plain(fromMs) + "-until-" + plain(untilMs);
  }

  private static String plain(long ms) {
    String text = Timestamps.format(ms);
    return ms % DAY_MS == 0 ? text.substring(0, text.indexOf('T')) : text.replace(":", "");
  }

  /**
   * Whether a record's time lies in it.
   *
   * @param at RFC 3339
   * @throws DateTimeException when that is no time
   */
  boolean has(String at) {
    long ms = Timestamps.parse(at);
    return ms >= fromMs && ms < untilMs;
  }

  /**
   * Whether something of what a tombstone stands for may have happened in it: that was between the
   * beginning of its month and the purge.
   */
  boolean mayHave(JsonNode tombstone) {
    String month = tombstone.at("/document/month").asText();
    String purgedAt = tombstone.at("/document/purged_at").asText();
    try {
      return monthMs(month) < untilMs && Timestamps.parse(purgedAt) >= fromMs;
    } catch (DateTimeException | ArithmeticException e) {
      return false;
    }
  }

  /** What names no month was there before audits had months. */
  private static long monthMs(String month) {
    try {
      return YearMonth.parse(month)
          .atDay(1)
          .atStartOfDay(ZoneOffset.UTC)
          .toInstant()
          .toEpochMilli();
    } catch (DateTimeException e) {
      return Long.MIN_VALUE;
    }
  }

  /**
   * What the bag says of itself.
   *
   * @param logSize how many records the log had up to which its records were read
   */
  ObjectNode json(long logSize) {
    return Json.mapper()
        .createObjectNode()
        .put("namespace", namespace.value())
        .put("from", from())
        .put("until", until())
        .put("log_size", logSize);
  }

  /**
   * What a bag is of.
   *
   * @param logSize as the bag says
   */
  record Said(BagRange range, long logSize) {}

  /**
   * Reads what a bag says of itself.
   *
   * @throws Failure when it does not say it as an export does
   */
  static Said read(Path root) throws IOException {
    Path file = root.resolve(BagFiles.RANGE);
    Failure.unless(Files.size(file) <= MAX_BYTES, Failure.LIMIT, BagFiles.RANGE + " is too large");
    String at = BagFiles.RANGE + ": ";
    String text = Lines.utf8(Files.readAllBytes(file), BagFiles.RANGE);
    ObjectNode said = Lines.object(text, at);
    try {
      BagRange range =
          new BagRange(
              new NamespaceId(said.path("namespace").asText()),
              Timestamps.parse(said.path("from").asText()),
              Timestamps.parse(said.path("until").asText()));
      long logSize = said.path("log_size").asLong();
      Failure.unless(
          text.equals(new String(range.bytes(logSize), StandardCharsets.UTF_8)),
          at + "not as an export says it");
      return new Said(range, logSize);
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new Failure(at + "no range of a namespace");
    }
  }

  /** {@link #json} as it lies in the bag. */
  byte[] bytes(long logSize) {
    return (json(logSize) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
