package dev.dome.web;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.Sha256;
import dev.dome.contracts.id.TaskId;
import dev.dome.security.PatternRedactor;
import dev.dome.security.Redactor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Typed values of a request's path and query. Text that does not fit is a 400, never a 404 or a
 * 500, and a secret in the place of a name a 422. Neither is repeated in the answer.
 */
public final class RequestValues {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,15}");

  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private static final Redactor REDACTOR = PatternRedactor.standard();

  private static final int MAX_RUN_IDS = 50;

  /** As ssot's schemas have the names that callers choose. */
  private static final Pattern CLIENT_NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,127}");

  private RequestValues() {}

  public static NamespaceId namespace(String text) {
    return id(text, "namespace", NamespaceId.PATTERN, NamespaceId::new);
  }

  public static RunId runId(String text) {
    return id(text, "run id", RunId.PATTERN, RunId::new);
  }

  /**
   * Several run ids between commas.
   *
   * @throws ProblemException 400 when one of them is none, or there are more than fifty
   */
  public static List<RunId> runIds(String text) {
    String[] ids = text.split(",", -1);
    if (ids.length > MAX_RUN_IDS) {
      throw ProblemException.badRequest(
          WebReason.BAD_PARAMETER, "run_id expected at most " + MAX_RUN_IDS + " run ids");
    }
    return Arrays.stream(ids).map(RequestValues::runId).distinct().sorted().toList();
  }

  public static TaskId taskId(String text) {
    return id(text, "task id", TaskId.PATTERN, TaskId::new);
  }

  public static AttemptId attemptId(String text) {
    return id(text, "attempt id", AttemptId.PATTERN, AttemptId::new);
  }

  public static Sha256 sha256(String text) {
    return id(text, "digest", Sha256.PATTERN, Sha256::new);
  }

  /**
   * A name that the caller chose.
   *
   * @param what it names
   */
  public static String clientName(String text, String what) {
    return id(text, what, CLIENT_NAME, name -> name);
  }

  public static QueueName queue(String text) {
    return id(text, "queue", QueueName.PATTERN, QueueName::new);
  }

  /**
   * The Idempotency-Key header; empty without one.
   *
   * @throws ProblemException 400 REQUEST.BAD_PARAMETER when it is no key, 422 when it is a secret:
   *     keys are kept as they are
   */
  public static Optional<String> idempotencyKey(String header) {
    if (header != null && !IDEMPOTENCY_KEY.matcher(header).matches()) {
      throw ProblemException.badRequest(
          WebReason.BAD_PARAMETER, "Idempotency-Key expected 1 to 255 visible ASCII characters");
    }
    if (header != null && REDACTOR.secretInId(header)) {
      throw ProblemException.of(
          422, WebReason.SECRET_IN_STEERING_FIELD, "Idempotency-Key expected an id, not a secret");
    }
    return Optional.ofNullable(header);
  }

  /**
   * A whole number of the query, or the default when it was not given.
   *
   * @throws ProblemException 400 REQUEST.BAD_PARAMETER outside min..max or when it is no number
   */
  public static long number(String text, String name, long absent, long min, long max) {
    if (text == null) {
      return absent;
    }
    if (WHOLE_NUMBER.matcher(text).matches()) {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw ProblemException.badRequest(
        WebReason.BAD_PARAMETER, name + " expected a whole number from " + min + " to " + max);
  }

  /**
   * One of an enum's names, or null when it was not given.
   *
   * @throws ProblemException 400 REQUEST.BAD_PARAMETER for any other text
   */
  public static <E extends Enum<E>> E oneOf(String text, String name, Class<E> type) {
    if (text == null) {
      return null;
    }
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text)) {
        return constant;
      }
    }
    throw ProblemException.badRequest(
        WebReason.BAD_PARAMETER,
        name + " expected one of " + Arrays.toString(type.getEnumConstants()));
  }

  private static <T> T id(String text, String name, Pattern pattern, Function<String, T> type) {
    if (text == null || !pattern.matcher(text).matches()) {
      throw ProblemException.badRequest(
          WebReason.BAD_IDENTIFIER, "The " + name + " expected " + pattern);
    }
    if (REDACTOR.secretInId(text)) {
      throw ProblemException.of(
          422, WebReason.SECRET_IN_STEERING_FIELD, "The " + name + " expected no secret");
    }
    return type.apply(text);
  }
}
