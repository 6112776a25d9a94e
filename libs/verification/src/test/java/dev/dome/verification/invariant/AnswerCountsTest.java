package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerCountsTest {
  private static final long FROM_MS = Instant.parse("2026-01-01T00:00:10Z").toEpochMilli();

  @TempDir Path directory;

  private static String line(int second, String answer) {
    return """
    {"at":"2026-01-01T00:00:%02d.000Z","namespace":"team","principal":"p","method":"POST",\
    "path":"/v1/namespaces/team/runs","body_sha256":"%s"%s}
    """
        .formatted(second, "ab".repeat(32), answer);
  }

  @Test
  void answersOfTheSpanAreCountedByWhatTheySay() throws IOException {
    Path file = directory.resolve("answers.jsonl");
    Files.writeString(
        file,
        line(9, ",\"status\":201")
            + line(10, ",\"status\":201")
            + line(11, ",\"status\":202")
            + line(12, ",\"status\":409,\"reason_code\":\"RUN.ID_CONFLICT\"")
            + line(13, ",\"status\":503,\"reason_code\":\"INFRA.OVERLOADED\"")
            + line(14, ",\"status\":429,\"reason_code\":\"RATE.LIMITED\"")
            + line(15, ",\"status\":503,\"reason_code\":\"INFRA.NATS_UNAVAILABLE\"")
            + line(16, "")
            + line(20, ",\"status\":201"));

    assertThat(AnswerCounts.between(file, FROM_MS, FROM_MS + 10_000))
        .isEqualTo(new AnswerCounts(2, 1, 2, 2));
  }
}
