package dev.dome.ingest.application;

import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import java.util.List;

/**
 * Why a request goes no further.
 *
 * @param code from the catalog; {@link #httpStatus} follows from it
 * @param detail a sentence for the caller that never repeats what was sent
 * @param errors the offending places, or empty
 */
public record Refusal(ReasonCode code, String detail, List<FieldError> errors) {
  public Refusal {
    errors = List.copyOf(errors);
  }

  /** The status of an answer with this code, as the catalog has it. */
  public int httpStatus() {
    return ReasonCodes.standard().get(code).httpStatus();
  }

  public static Refusal of(String code, String detail) {
    return new Refusal(new ReasonCode(code), detail, List.of());
  }
}
