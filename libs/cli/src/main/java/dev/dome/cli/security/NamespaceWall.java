package dev.dome.cli.security;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.security.BadInputTable.Finding;
import dev.dome.cli.security.RawHttp.Answer;
import dev.dome.cli.security.WallQuestions.Pair;
import dev.dome.contracts.Json;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.LocalStack;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks every operation of every contract for what is somebody else's, and for what is nobody's in
 * the same words. The answers must be the same bytes, or a stranger learns what there is.
 */
public final class NamespaceWall {
  private static final Set<Integer> REFUSED = Set.of(401, 403, 404);

  /** Answers to requests that were not fit to find anything. */
  private static final Set<Integer> MISUNDERSTOOD = Set.of(400, 405, 413, 414, 415, 422, 431);

  /** Shorter names may stand in an answer by chance. */
  private static final int MIN_TELLING_CHARS = 8;

  private static final Comparator<String> LONGEST_FIRST =
      Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

  /** What an answer to a write makes up: ids, digests, times for people and machines, secrets. */
  private static final Pattern MADE_UP =
      Pattern.compile("[0-9a-f-]{32,64}|\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z|\\d{13}|whsec_[^\"]+");

  private final LocalStack stack;
  private final Neighbour neighbour;
  private final Stranger stranger;
  private final Map<String, ApiOperation> operations = new LinkedHashMap<>();

  /**
   * A wall that nobody leant against yet.
   *
   * @param root of the repository with the contracts
   */
  public NamespaceWall(LocalStack stack, Path root, Neighbour neighbour, Stranger stranger) {
    this.stack = stack;
    this.neighbour = neighbour;
    this.stranger = stranger;
    ApiOperation.all(root).forEach(operation -> operations.put(operation.toString(), operation));
  }

  /**
   * Who lives behind the wall, in whose namespace there is one of everything.
   *
   * @param token of somebody with every role in it, and in the system's namespace
   * @param things by the part of a path that stands before them, such as {@code runs}
   * @param fields by the name of a query parameter or of a field of a body
   */
  public record Neighbour(
      String namespace, String token, Map<String, Thing> things, Map<String, JsonNode> fields) {
    /** What of it would tell a stranger something. */
    public Set<String> names() {
      return telling(Thing::name, JsonNode::asText);
    }

    /** The names of nothing, in place of those. */
    Set<String> namesOfNothing() {
      return telling(Thing::absent, value -> absentName(value.asText()));
    }

    private Set<String> telling(Function<Thing, String> thing, Function<JsonNode, String> field) {
      return Stream.concat(
              Stream.of(namespace),
              Stream.concat(
                  things.values().stream().map(thing), fields.values().stream().map(field)))
          .filter(name -> name.length() >= MIN_TELLING_CHARS)
          .collect(Collectors.toCollection(() -> new TreeSet<>(LONGEST_FIRST)));
    }
  }

  /** Who is outside, with every role in a namespace of its own that has nothing in it. */
  public record Stranger(String namespace, String token) {}

  /**
   * One thing of the neighbour's, and nothing at all by a name as good as its.
   *
   * @param content what is uploaded under its name; empty for what is not uploaded
   * @param absentContent the same for the other name
   */
  // The bytes are sent and never compared as a component.
  @SuppressWarnings("ArrayRecordComponent")
  public record Thing(String name, String absent, byte[] content, byte[] absentContent) {
    /** A thing that has a name and nothing else. */
    public static Thing named(String name) {
      return new Thing(name, absentName(name), new byte[0], new byte[0]);
    }
  }

  /**
   * Every operation of every contract, in an order in which none makes what another looks for:
   * reads before writes, lists before what may be recorded of a look at one thing, and what is done
   * to things before what makes them.
   */
  public static List<String> operations(Path root) {
    return ApiOperation.all(root).stream()
        .sorted(Comparator.comparing(ApiOperation::writes).thenComparingInt(NamespaceWall::depth))
        .map(ApiOperation::toString)
        .toList();
  }

  private static int depth(ApiOperation operation) {
    int parts = operation.path().split("/", -1).length;
    if (operation.path().contains("/exports")) {
      // Each is recorded, so that the records of the stranger's own namespace change by it.
      return Integer.MAX_VALUE;
    }
    return operation.writes() ? -parts : parts;
  }

  /**
   * What an operation tells the stranger that it should not.
   *
   * @throws IOException when a service cannot be reached, or does not answer
   */
  public List<Finding> leansAgainst(String name) throws IOException {
    ApiOperation operation = operations.get(name);
    WallQuestions questions = new WallQuestions(operation, neighbour, stranger);
    List<Finding> findings = new ArrayList<>();
    for (DomeService door : doors(operation)) {
      try (RawHttp http = new RawHttp(stack.service(door).orElseThrow().port())) {
        Asking asking = new Asking(operation, door, http, questions, findings);
        if (operation.parameters().stream().anyMatch(WallQuestions::isNamespace)) {
          asking.ofNamespace();
        } else {
          asking.ofNone();
        }
      }
    }
    return findings;
  }

  /** The owner's own port, and the entrance where that passes the request on. */
  private static List<DomeService> doors(ApiOperation operation) {
    boolean passedOn =
        operation.owner() != DomeService.INGEST && operation.path().startsWith("/v1/namespaces/");
    return passedOn ? List.of(operation.owner(), DomeService.INGEST) : List.of(operation.owner());
  }

  /** Another name of the same form and length. */
  static String absentName(String name) {
    for (int i = name.length() - 1; i >= 0; i--) {
      char c = name.charAt(i);
      if (c >= '0' && c <= '9') {
        return name.substring(0, i) + (c == '0' ? '1' : '0') + name.substring(i + 1);
      }
      if (c >= 'a' && c <= 'z') {
        return name.substring(0, i) + (c == 'a' ? 'b' : 'a') + name.substring(i + 1);
      }
    }
    throw new IllegalArgumentException("no name of anything: " + name);
  }

  /** One operation at one service. */
  private final class Asking {
    private final ApiOperation operation;
    private final DomeService door;
    private final RawHttp http;
    private final WallQuestions questions;
    private final List<Finding> findings;

    Asking(
        ApiOperation operation,
        DomeService door,
        RawHttp http,
        WallQuestions questions,
        List<Finding> findings) {
      this.operation = operation;
      this.door = door;
      this.http = http;
      this.questions = questions;
      this.findings = findings;
    }

    void ofNamespace() throws IOException {
      if (!operation.writes()) {
        owner();
      }
      for (Pair pair : questions.across()) {
        Answer theirs = http.send(pair.theirs());
        if (!REFUSED.contains(theirs.status())) {
          object(pair.how(), "answered " + theirs.status());
        }
        compare(pair, theirs);
      }
      for (Pair pair : questions.within()) {
        Answer theirs = http.send(pair.theirs());
        if (MISUNDERSTOOD.contains(theirs.status()) || theirs.status() >= 500) {
          object(pair.how(), "shows nothing: " + theirs.status() + " " + theirs.body());
        }
        compare(pair, theirs);
      }
    }

    /** Refused, or public and without anything of the neighbour's. */
    void ofNone() throws IOException {
      byte[] question = questions.beyond();
      Answer answer = http.send(question);
      boolean fine = operation.writes() ? REFUSED.contains(answer.status()) : answer.status() < 500;
      if (!fine) {
        object("as a stranger", "answered " + answer.status());
      }
      tellsNothing("as a stranger", question, answer);
    }

    /** The neighbour sees its own, or there would be nothing to hide; and a page has a cursor. */
    private void owner() throws IOException {
      boolean paged =
          operation.parameters().stream().anyMatch(parameter -> parameter.name().equals("cursor"));
      Answer answer = http.send(questions.owners(paged));
      if (answer.status() != 200) {
        object("as the owner", "nothing to hide: " + answer.status() + " " + answer.body());
      } else if (paged) {
        borrowed(Json.read(answer.body().getBytes(StandardCharsets.UTF_8), JsonNode.class));
      }
    }

    private void borrowed(JsonNode page) throws IOException {
      if (page.hasNonNull("next_cursor")) {
        byte[] question = questions.withCursor(page.path("next_cursor").asText());
        Answer answer = http.send(question);
        if (answer.status() != 400 && answer.status() != 404) {
          object("with the neighbour's cursor", "answered " + answer.status());
        }
        tellsNothing("with the neighbour's cursor", question, answer);
      }
    }

    private void compare(Pair pair, Answer theirs) throws IOException {
      tellsNothing(pair.how(), pair.theirs(), theirs);
      Answer nobodys = http.send(pair.nobodys());
      String one = masked(theirs, pair.theirs(), neighbour.names());
      String other = masked(nobodys, pair.nobodys(), neighbour.namesOfNothing());
      if (operation.writes() && theirs.status() < 300) {
        one = MADE_UP.matcher(one).replaceAll("#");
        other = MADE_UP.matcher(other).replaceAll("#");
      }
      if (!one.equals(other)) {
        object(pair.how(), "answered\n" + one + "\nand of nothing\n" + other);
      }
    }

    private void tellsNothing(String how, byte[] question, Answer answer) {
      String told = masked(answer, question, neighbour.names());
      for (String name : neighbour.names()) {
        if (told.contains(name)) {
          object(how, "told of " + name);
        }
      }
    }

    private void object(String how, String objection) {
      findings.add(new Finding(operation + " at " + door.serviceName(), how, objection));
    }
  }

  /** A question as it was sent, and with the names in its first line as they are. */
  private static String text(byte[] question) {
    String text = new String(question, StandardCharsets.UTF_8);
    return text + URLDecoder.decode(text.lines().findFirst().orElseThrow(), StandardCharsets.UTF_8);
  }

  /**
   * An answer without the names that its question had, and without the time and how much the whole
   * audit has, which grows while one asks.
   */
  private static String masked(Answer answer, byte[] question, Collection<String> names) {
    Map<String, String> headers = new TreeMap<>(answer.headers());
    headers.remove("date");
    headers.remove("audit-log-size");
    String masked = answer.status() + " " + headers + "\n" + answer.body();
    String asked = text(question);
    for (String name : names) {
      masked = asked.contains(name) ? masked.replace(name, "…") : masked;
    }
    return masked;
  }
}
