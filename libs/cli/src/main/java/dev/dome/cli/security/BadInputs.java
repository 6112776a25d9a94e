package dev.dome.cli.security;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.security.ApiOperation.Parameter;
import dev.dome.cli.security.BadInput.Draft;
import dev.dome.cli.security.BadInput.Expected;
import dev.dome.cli.security.BadInput.Kind;
import dev.dome.contracts.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** Everything that is sent to one operation, made from its contract. */
final class BadInputs {
  private static final String JSON = "application/json";
  private static final String ROOT = "/v1/";
  private static final int MAX_BODY = 1 << 20;

  /** What the HTTP layer lets a request say of its length; the entrance takes a little less. */
  private static final int MAX_STATED = 1280 << 10;

  private static final Expected NO_NAME =
      Expected.of(
              400,
              "REQUEST.BAD_IDENTIFIER",
              "REQUEST.BAD_PATH",
              "REQUEST.BAD_PARAMETER",
              "REQUEST.MALFORMED_JSON")
          .or(404, "REQUEST.NOT_FOUND")
          .or(405, "REQUEST.METHOD_NOT_ALLOWED");

  private static final Expected NO_PATH = Expected.of(400, "REQUEST.BAD_PATH");

  /** A cursor of something that is not there may not be looked at. */
  private static final Expected NO_CURSOR =
      Expected.of(400, "REQUEST.BAD_CURSOR", "REQUEST.BAD_IDENTIFIER")
          .or(404, "REQUEST.NOT_FOUND", "RUN.NOT_FOUND");

  private static final Expected NO_VALUE =
      Expected.of(400, "REQUEST.BAD_PARAMETER", "REQUEST.BAD_IDENTIFIER");

  /** What the HTTP layer refuses by itself it gives no reason for, or closes the connection. */
  private static final Expected UNREADABLE = new Expected(Set.of(0, 400), Set.of());

  /** Names that must neither reach a file, a subject nor a query. */
  private static final Map<String, Expected> NAMES =
      Map.ofEntries(
          Map.entry("a%20b", NO_NAME),
          Map.entry("a*b", NO_NAME),
          Map.entry("a%3Eb", NO_NAME),
          Map.entry("%EF%BC%8E%EF%BC%8E", NO_NAME),
          Map.entry("a%E2%80%AEb", NO_NAME),
          Map.entry("%C0%AE%C0%AE", NO_NAME),
          Map.entry("a%27%3B--", NO_PATH),
          Map.entry("%24%7Bjndi%3Aldap%3A%2F%2Fx%7D", NO_PATH),
          Map.entry("a".repeat(400), NO_NAME),
          Map.entry("..", NO_PATH),
          Map.entry("%2e%2e", NO_PATH),
          Map.entry("a;b=c", NO_PATH),
          Map.entry("%2e%2e%2f%2e%2e%2fetc", NO_PATH),
          Map.entry("a%00b", NO_PATH),
          Map.entry("a%0d%0ab", NO_PATH));

  private final ApiOperation operation;
  private final boolean atEntrance;
  private final String namespace;
  private final String bearer;
  private final List<BadInput> inputs = new ArrayList<>();

  private BadInputs(ApiOperation operation, boolean atEntrance, String namespace, String bearer) {
    this.operation = operation;
    this.atEntrance = atEntrance;
    this.namespace = namespace;
    this.bearer = bearer;
  }

  /**
   * All of it.
   *
   * @param atEntrance whether it goes to ingest
   * @param namespace that nothing else is in
   * @param token of somebody with every role, so that only the input can be at fault
   */
  static List<BadInput> of(
      ApiOperation operation, boolean atEntrance, String namespace, String token) {
    BadInputs made =
        new BadInputs(operation, atEntrance, namespace, "Authorization: Bearer " + token);
    made.tokens();
    made.paths();
    made.queries();
    made.limits();
    made.media();
    made.framing();
    operation.json().ifPresent(made::bodies);
    return List.copyOf(made.inputs);
  }

  private void tokens() {
    Expected refused = Expected.of(401, "AUTH.NO_TOKEN", "AUTH.BAD_TOKEN", "AUTH.BAD_ALG");
    add(Kind.TOKEN, "no token", new Draft(operation.method(), target()), refused);
    for (String token : List.of("x", "eyJhbGciOiJub25lIn0.e30.", "\u00e9".repeat(20))) {
      Draft draft = new Draft(operation.method(), target());
      add(
          Kind.TOKEN,
          "a token that is none",
          draft.header("Authorization: Bearer " + token),
          refused);
    }
  }

  private void paths() {
    for (Parameter parameter : operation.parameters()) {
      if (parameter.inPath()) {
        NAMES.forEach((name, expected) ->
            add(
                Kind.PATH,
                parameter.name() + " = " + shown(name),
                draft(target(Map.of(parameter.name(), name))),
                expected));
      }
    }
    detours();
    add(Kind.PATH, "NUL in the query", draft(target() + "?x=%00"), NO_VALUE);
    add(Kind.PATH, "a broken escape", draft(target() + "%zz"), UNREADABLE);
    Draft draft = authorised(new Draft("PATCH", target()));
    add(Kind.METHOD, "PATCH", draft, Expected.of(405, "REQUEST.METHOD_NOT_ALLOWED"));
  }

  /**
   * Paths that a router would bend to the operation's own, past whoever judged them as they came.
   */
  private void detours() {
    String rest = target().substring(ROOT.length());
    for (String bent :
        List.of(
            ROOT + "x/../" + rest,
            ROOT + "x/%2e%2e/" + rest,
            ROOT + "x/%2E./" + rest,
            ROOT + "./" + rest,
            ROOT + "/" + rest,
            "/%761/" + rest,
            target() + ";a=b")) {
      add(Kind.PATH, "a detour, " + shown(bent), draft(bent), NO_PATH);
    }
  }

  private void queries() {
    for (Parameter parameter : operation.parameters()) {
      if (parameter.inQuery() && parameter.name().equals("cursor")) {
        for (String value : List.of("!!!", "e30", "AAAA", "x".repeat(2000), "%F0%9F%92%A9")) {
          query(parameter, value, NO_CURSOR);
        }
      } else if (parameter.inQuery() && parameter.number()) {
        for (String value : List.of("abc", "-1", "1e3", "99999999999999999999", "0x10", "")) {
          query(parameter, value, NO_VALUE);
        }
      }
    }
  }

  private void query(Parameter parameter, String value, Expected expected) {
    String target = target() + "?" + parameter.name() + "=" + value;
    add(Kind.QUERY, parameter.name() + " = " + shown(value), draft(target), expected);
  }

  private void limits() {
    add(
        Kind.LENGTH,
        "a line of 9,000 bytes",
        draft(target() + "?x=" + "a".repeat(9_000)),
        tooLong(414, "REQUEST.URI_TOO_LONG"));
    add(
        Kind.LENGTH,
        "headers of 17,000 bytes",
        draft(target()).header("X-Padding: " + "a".repeat(17_000)),
        tooLong(431, "REQUEST.HEADERS_TOO_LARGE"));
  }

  /** Behind the entrance the HTTP layer has the same limits, and gives no reason. */
  private Expected tooLong(int status, String code) {
    return atEntrance ? Expected.of(status, code) : Expected.of(status);
  }

  private void media() {
    boolean asksWhatComesBack = !operation.writes() || operation.json().isPresent();
    if (operation.answersJsonOnly() && asksWhatComesBack) {
      add(
          Kind.MEDIA,
          "an answer as text/html",
          draft(target()).header("Accept: text/html"),
          Expected.of(406, "REQUEST.NOT_ACCEPTABLE").or(404));
    }
  }

  private void framing() {
    byte[] chunk = "2\r\n{}\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    framed(
        "two lengths",
        "{}".getBytes(StandardCharsets.US_ASCII),
        "Content-Length: 2",
        "Content-Length: 3");
    framed("a negative length", new byte[0], "Content-Length: -1");
    framed("a length that is no number", new byte[0], "Content-Length: 0x2");
    framed("an unknown transfer coding", chunk, "Transfer-Encoding: chunked, cow");
    framed("a host that is none", new byte[0], "Host: a b/c", "Content-Length: 0");
  }

  private void framed(String name, byte[] body, String... headers) {
    Draft draft = draft(target()).unmeasured(body);
    for (String header : headers) {
      draft.header(header);
    }
    add(Kind.FRAMING, name, draft, UNREADABLE);
  }

  private void bodies(ObjectNode example) {
    byte[] fine = Json.write(example);
    bodyLimits(fine);
    add(
        Kind.MEDIA,
        "text/plain",
        draft(target()).body("text/plain", fine),
        Expected.of(415, "REQUEST.UNSUPPORTED_MEDIA_TYPE"));
    add(
        Kind.MEDIA,
        "gzip",
        draft(target()).header("Content-Encoding: gzip").body(JSON, zipped(fine)),
        Expected.of(415, "REQUEST.UNSUPPORTED_MEDIA_TYPE").or(400, "REQUEST.BAD_ENCODING"));
    strictJson(example);
    ObjectNode more = example.deepCopy();
    more.put("surprise", 1);
    schema("an unknown field", Json.write(more));
    schema("an array", "[]".getBytes(StandardCharsets.UTF_8));
    schema("null", "null".getBytes(StandardCharsets.UTF_8));
    for (JsonSuite.Document document : JsonSuite.rejected()) {
      add(Kind.SUITE, document.name(), document.bytes(), UNPARSED);
    }
  }

  private static final Expected UNPARSED =
      Expected.of(
          400,
          "REQUEST.MALFORMED_JSON",
          "REQUEST.TRAILING_DATA",
          "REQUEST.BAD_ENCODING",
          "REQUEST.BAD_NUMBER",
          "REQUEST.NUMBER_TOO_LONG",
          "REQUEST.TOO_DEEP");

  private void bodyLimits(byte[] fine) {
    Expected tooLarge = Expected.of(413, "REQUEST.BODY_TOO_LARGE");
    // All of it comes: a body that is refused by its length is read to its end before the answer.
    Draft stated = draft(target()).body(JSON, Arrays.copyOf(fine, MAX_STATED + 1));
    add(Kind.LENGTH, "a length beyond 1 MiB", stated, tooLarge);
    Draft chunked = draft(target()).header("Content-Type: " + JSON);
    chunked.header("Transfer-Encoding: chunked").unmeasured(chunks(MAX_BODY + 1));
    add(Kind.LENGTH, "chunks beyond 1 MiB", chunked, tooLarge);
  }

  private void strictJson(ObjectNode example) {
    String text = new String(Json.write(example), StandardCharsets.UTF_8);
    String open = text.substring(0, text.length() - 1) + (example.isEmpty() ? "" : ",");
    json("a name twice", open + "\"x\":1,\"x\":2}", "REQUEST.DUPLICATE_KEY");
    json("33 levels", open + "\"x\":" + "[".repeat(33) + "]".repeat(33) + "}", "REQUEST.TOO_DEEP");
    json("two documents", text + " " + text, "REQUEST.TRAILING_DATA");
    json("NaN", open + "\"x\":NaN}", "REQUEST.BAD_NUMBER", "REQUEST.MALFORMED_JSON");
    json("1e999", open + "\"x\":1e999}", "REQUEST.BAD_NUMBER");
    json(
        "a number of 40 digits", open + "\"x\":" + "9".repeat(40) + "}", "REQUEST.NUMBER_TOO_LONG");
    json("half a surrogate pair", open + "\"x\":\"\\ud800\"}", "REQUEST.BAD_ENCODING");
    json("NUL in a text", open + "\"x\":\"\\u0000\"}", "REQUEST.BAD_ENCODING");
    json("a byte order mark", "\ufeff" + text, "REQUEST.BAD_ENCODING");
    json("nothing", "", "REQUEST.MALFORMED_JSON");
    json("cut short", text.substring(0, text.length() - 1), "REQUEST.MALFORMED_JSON");
    add(
        Kind.JSON,
        "UTF-16",
        text.getBytes(StandardCharsets.UTF_16),
        Expected.of(400, "REQUEST.BAD_ENCODING", "REQUEST.MALFORMED_JSON"));
    add(
        Kind.JSON,
        "100,001 tokens",
        (open + "\"x\":[" + "1,".repeat(100_000) + "1]}").getBytes(StandardCharsets.UTF_8),
        Expected.of(422, "REQUEST.TOO_MANY_TOKENS"));
  }

  private void json(String name, String body, String... codes) {
    add(Kind.JSON, name, body.getBytes(StandardCharsets.UTF_8), Expected.of(400, codes));
  }

  private void schema(String name, byte[] body) {
    add(
        Kind.SCHEMA,
        name,
        body,
        Expected.of(
            422,
            "SCHEMA.UNKNOWN_FIELD",
            "SCHEMA.TYPE",
            "SCHEMA.VIOLATION",
            "SCHEMA.REQUIRED",
            "SCHEMA.NO_ALTERNATIVE",
            "SCHEMA.CONST"));
  }

  private void add(Kind kind, String name, byte[] body, Expected expected) {
    add(kind, name, draft(target()).body(JSON, body), expected);
  }

  private void add(Kind kind, String name, Draft draft, Expected expected) {
    inputs.add(new BadInput(kind, name, draft.wire(), expected));
  }

  private Draft draft(String target) {
    return authorised(new Draft(operation.method(), target));
  }

  private Draft authorised(Draft draft) {
    return draft.header(bearer);
  }

  private String target() {
    return target(Map.of());
  }

  private String target(Map<String, String> given) {
    String target = operation.path();
    for (Parameter parameter : operation.parameters()) {
      if (parameter.inPath()) {
        String value = given.getOrDefault(parameter.name(), sound(parameter));
        target = target.replace("{" + parameter.name() + "}", value);
      }
    }
    return target;
  }

  /** A name in good form of something that is not there. */
  private String sound(Parameter parameter) {
    return switch (parameter.name()) {
      case "ns", "namespace" -> namespace;
      case "attempt" -> "att-0001-" + "0".repeat(32);
      case "sha256" -> "0".repeat(64);
      case "lane" -> "0";
      case "name", "key" -> "queue:absent";
      default -> "absent";
    };
  }

  private static String shown(String value) {
    return value.length() <= 40
        ? value
        : URLEncoder.encode(value.substring(0, 20), StandardCharsets.UTF_8)
            + "… of "
            + value.length();
  }

  private static byte[] zipped(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes everything", e);
    }
    return out.toByteArray();
  }

  private static byte[] chunks(int bytes) {
    int piece = 1 << 14;
    StringBuilder wire = new StringBuilder();
    String chunk = Integer.toHexString(piece) + "\r\n" + " ".repeat(piece) + "\r\n";
    for (int sent = 0; sent < bytes; sent += piece) {
      wire.append(chunk);
    }
    return wire.append("0\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }
}
