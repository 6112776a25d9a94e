package dev.dome.cli.security;

import dev.dome.cli.security.RawHttp.Answer;
import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.id.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One request that must be refused.
 *
 * @param kind which row of the table it belongs to
 * @param name what is wrong with it
 * @param expected how it may be refused
 */
// The bytes are sent and never compared as a component.
@SuppressWarnings("ArrayRecordComponent")
record BadInput(Kind kind, String name, byte[] wire, Expected expected) {

  /** The rows of the table. */
  enum Kind {
    TOKEN("no token, or none that is one"),
    PATH("identifiers and paths"),
    QUERY("query parameters and cursors"),
    LENGTH("lines, headers and bodies beyond their limits"),
    MEDIA("media types and compressed bodies"),
    METHOD("methods that a path does not have"),
    FRAMING("broken framing"),
    JSON("bodies that are no strict JSON"),
    SCHEMA("bodies that do not fit"),
    SUITE("JSONTestSuite n_*");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /**
   * How a request may be refused.
   *
   * @param codes the reason codes that say it rightly; the HTTP layer itself gives none
   */
  record Expected(Set<Integer> statuses, Set<String> codes) {
    static Expected of(int status, String... codes) {
      return new Expected(Set.of(status), Set.of(codes));
    }

    Expected or(int status, String... more) {
      Set<Integer> both = new TreeSet<>(statuses);
      both.add(status);
      Set<String> all = new TreeSet<>(codes);
      all.addAll(List.of(more));
      return new Expected(both, all);
    }
  }

  /** What is wrong with the answer; empty when it is as it should be. */
  Optional<String> objection(Answer answer) {
    if (!expected.statuses().contains(answer.status())) {
      return Optional.of(
          "expected " + expected.statuses() + " but " + answer.status() + " " + code(answer));
    }
    if (tellsOfTheInside(answer.body())) {
      return Optional.of("the answer tells of the inside of the service");
    }
    if (expected.codes().isEmpty()) {
      return Optional.empty();
    }
    if (!answer.header("content-type").startsWith("application/problem+json")) {
      return Optional.of("no problem but " + answer.header("content-type"));
    }
    String code = code(answer);
    // What is not there has as many codes as there are things.
    boolean right = expected.codes().contains(code) || answer.status() == 404;
    return right && isCatalogued(code)
        ? Optional.empty()
        : Optional.of("expected " + expected.codes() + " but " + code);
  }

  private static boolean isCatalogued(String code) {
    return ReasonCode.PATTERN.matcher(code).matches()
        && ReasonCodes.standard().contains(new ReasonCode(code));
  }

  /** Class names and lines of a stack trace help nobody but an attacker. */
  static boolean tellsOfTheInside(String body) {
    return body.contains("Exception") || body.contains("\tat ") || body.contains("dev.dome.");
  }

  private static String code(Answer answer) {
    String before = "\"reason_code\":\"";
    // Errors have codes too, and come after the problem's own or are within brackets before it.
    String body = answer.body().replaceAll("\"errors\":\\[.*]", "");
    int at = body.indexOf(before);
    int end = at < 0 ? -1 : body.indexOf('"', at + before.length());
    return end < 0 ? "" : body.substring(at + before.length(), end);
  }

  /** A request in the making. */
  static final class Draft {
    private final String method;
    private final String target;
    private final List<String> headers = new ArrayList<>();
    private byte[] body = {};
    private boolean measured = true;

    Draft(String method, String target) {
      this.method = method;
      this.target = target;
    }

    Draft header(String line) {
      headers.add(line);
      return this;
    }

    Draft body(String contentType, byte[] bytes) {
      headers.add("Content-Type: " + contentType);
      this.body = bytes;
      return this;
    }

    /** The headers that say where the body ends are the caller's. */
    Draft unmeasured(byte[] bytes) {
      this.body = bytes;
      this.measured = false;
      return this;
    }

    byte[] wire() {
      StringBuilder head = new StringBuilder();
      head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
      if (headers.stream().noneMatch(line -> line.startsWith("Host:"))) {
        head.append("Host: localhost\r\n");
      }
      headers.forEach(line -> head.append(line).append("\r\n"));
      if (measured && (body.length > 0 || !method.equals("GET"))) {
        head.append("Content-Length: ").append(body.length).append("\r\n");
      }
      byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
      byte[] wire = Arrays.copyOf(start, start.length + body.length);
      System.arraycopy(body, 0, wire, start.length, body.length);
      return wire;
    }
  }
}
