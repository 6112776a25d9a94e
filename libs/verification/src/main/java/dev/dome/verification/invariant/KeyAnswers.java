package dev.dome.verification.invariant;

import java.util.Optional;

/** The decided answers that clients saw under one key. */
final class KeyAnswers {
  private String boundBody;
  private String boundAnswer;
  private long accepted;

  /**
   * Takes an answer in.
   *
   * @return what is wrong with it after those before it, in whatever order they came
   */
  Optional<Violation> add(AnswerLine line) {
    int status = line.seen().status();
    boolean derived = line.use().orElseThrow().derived();
    accepted += status < 300 ? 1 : 0;
    if ((status == 409 && conflicts(line)) || (derived && status >= 300)) {
      return Optional.empty();
    }
    if (boundBody == null) {
      boundBody = line.seen().bodySha256();
      boundAnswer = line.answer();
      return Optional.empty();
    }
    if (!boundBody.equals(line.seen().bodySha256())) {
      return found(line, "two bodies under one key, and the other was answered " + status);
    }
    return boundAnswer.equals(line.answer())
        ? Optional.empty()
        : found(line, "the same body under one key, answered differently");
  }

  private static boolean conflicts(AnswerLine line) {
    return "IDEMPOTENCY.CONFLICT".equals(line.seen().reasonCode());
  }

  long accepted() {
    return accepted;
  }

  private static Optional<Violation> found(AnswerLine line, String detail) {
    return Optional.of(new Violation(Invariant.SAME_KEY_SAME_ANSWER, line.place(), detail));
  }
}
