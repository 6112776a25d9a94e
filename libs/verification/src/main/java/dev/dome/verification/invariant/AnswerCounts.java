package dev.dome.verification.invariant;

import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.wire.SeenAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What tries of writes came to in a span of time, by an answers file.
 *
 * @param ok answered with success
 * @param rejected refused for good
 * @param shed refused for now, and nothing of it stored
 * @param unknown not answered, or answered in a way that leaves open what became of it
 */
public record AnswerCounts(long ok, long rejected, long shed, long unknown) {
  public static final AnswerCounts NONE = new AnswerCounts(0, 0, 0, 0);

  /**
   * Counts the answers that came, or were given up, in the span.
   *
   * @param fromMs epoch milliseconds, as the other
   * @param toMs no longer in it
   * @throws IOException when the file cannot be read
   */
  public static AnswerCounts between(Path file, long fromMs, long toMs) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), SeenAnswer.class))
          .filter(seen -> {
            long atMs = Timestamps.parse(seen.at());
            return fromMs <= atMs && atMs < toMs;
          })
          .map(seen -> one(AnswerLine.of(seen).said()))
          .reduce(NONE, AnswerCounts::plus);
    }
  }

  private static AnswerCounts one(AnswerLine.Said said) {
    return switch (said) {
      case ACCEPTED -> new AnswerCounts(1, 0, 0, 0);
      case REFUSED -> new AnswerCounts(0, 1, 0, 0);
      case SHED -> new AnswerCounts(0, 0, 1, 0);
      case UNKNOWN -> new AnswerCounts(0, 0, 0, 1);
    };
  }

  public AnswerCounts plus(AnswerCounts other) {
    return new AnswerCounts(
        ok + other.ok, rejected + other.rejected, shed + other.shed, unknown + other.unknown);
  }
}
