package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Records that are taken from the audit's log piece by piece. A piece ends where the log ended when
 * it was begun, also when it broke off and a later process takes the rest of it.
 */
final class TakenRecords {
  /** The log's size at which a piece ends that has not come whole. */
  private static final String BEFORE = "records_before";

  /** The log's size up to which the records have come. */
  private static final String UP_TO = "records_up_to";

  private final Draft bag;
  private final Source source;
  private final Consumer<JsonNode> each;
  private final TakenLines lines;
  private long nextIndex;

  /** Where records come from. */
  interface Source {
    /**
     * Copies them, one JSON object a line.
     *
     * @param from the first log index that is wanted
     * @param before the log index that ends them; empty for the log as it is
     * @param end is told before the first byte where they end
     */
    void copy(long from, OptionalLong before, LongConsumer end, OutputStream to);
  }

  /**
   * Goes on with what an earlier process took.
   *
   * @param each is given every record once, in their order
   */
  TakenRecords(Draft bag, Source source, Consumer<JsonNode> each, Progress progress)
      throws IOException {
    this.bag = bag;
    this.source = source;
    this.each = each;
    this.lines = new TakenLines(bag, BagFiles.RECORDS, this::record, progress);
  }

  private void record(JsonNode record) {
    nextIndex = record.path("log_index").asLong() + 1;
    each.accept(record);
  }

  /** The log's size up to which every record has come; 0 before the first piece is whole. */
  long upTo() {
    return bag.mark(UP_TO).map(Long::parseLong).orElse(0L);
  }

  /** Whether the last piece has not come whole. */
  boolean isBrokenOff() {
    return before().isPresent();
  }

  private Optional<String> before() {
    return bag.mark(BEFORE).filter(size -> !size.isEmpty());
  }

  /** Takes the rest of the piece that broke off, or the next one. */
  void take() throws IOException {
    Optional<String> before = before();
    long from = before.isPresent() ? nextIndex : Math.max(nextIndex, upTo());
    lines.take(file ->
        source.copy(
            from,
            before.map(Long::parseLong).map(OptionalLong::of).orElse(OptionalLong.empty()),
            this::begun,
            file));
    bag.mark(UP_TO, bag.mark(BEFORE).orElseThrow());
    bag.mark(BEFORE, "");
  }

  private void begun(long logSize) {
    try {
      bag.mark(BEFORE, Long.toString(logSize));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
