package dev.dome.client.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.dome.contracts.Json;
import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.id.ReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What a command may say about its own result, in the file that DOME_RESULT_FILE names. */
final class ResultFile {
  private static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_NOTES = 4_000;

  private ResultFile() {}

  /** What was read. */
  sealed interface Content {}

  /** The command wrote no file. */
  record Absent() implements Content {}

  /** The file is not what it should be; why, in one sentence. */
  record Bad(String why) implements Content {}

  /** A valid file; absent fields are null. */
  record Hints(
      Integer riskScoreHint,
      String notes,
      ReasonCode reasonCode,
      Boolean isTransient,
      Long retryAfterMs)
      implements Content {}

  static Content read(Path file) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return new Absent();
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return new Bad("The result file is no regular file.");
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        return new Bad("The result file is larger than 64 KiB.");
      }
      return check(Json.read(Files.readAllBytes(file), Fields.class));
    } catch (IOException | IllegalArgumentException e) {
      return new Bad("The result file is no JSON object with the fields of a result.");
    }
  }

  private static Content check(Fields fields) {
    if (fields == null) {
      return new Bad("The result file is no JSON object with the fields of a result.");
    }
    if (fields.riskScoreHint() != null
        && (fields.riskScoreHint() < 0 || fields.riskScoreHint() > 100)) {
      return new Bad("risk_score_hint expected 0..100.");
    }
    if (fields.notes() != null && fields.notes().length() > MAX_NOTES) {
      return new Bad("notes expected at most " + MAX_NOTES + " characters.");
    }
    if (fields.retryAfterMs() != null && fields.retryAfterMs() < 0) {
      return new Bad("retry_after_ms expected 0 or more.");
    }
    if (fields.reasonCode() != null && !ReasonCodes.standard().contains(fields.reasonCode())) {
      return new Bad("reason_code is not in the catalog.");
    }
    return new Hints(
        fields.riskScoreHint(),
        fields.notes(),
        fields.reasonCode(),
        fields.isTransient(),
        fields.retryAfterMs());
  }

  private record Fields(
      Integer riskScoreHint,
      String notes,
      ReasonCode reasonCode,
      @JsonProperty("transient") Boolean isTransient,
      Long retryAfterMs) {}
}
