package dev.dome.cli.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.dome.cli.security.ApiOperation.Parameter;
import dev.dome.cli.security.BadInput.Draft;
import dev.dome.cli.security.NamespaceWall.Neighbour;
import dev.dome.cli.security.NamespaceWall.Stranger;
import dev.dome.cli.security.NamespaceWall.Thing;
import dev.dome.contracts.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a stranger asks one operation, made from its contract. */
final class WallQuestions {
  /** Sound wherever a contract wants something that is not the neighbour's. */
  private static final String ANY = "0";

  /** Events come as a stream to whoever likes that better; everything else as it is. */
  private static final List<String> ACCEPTED = List.of("*/*", "text/event-stream, */*;q=0.1");

  /** One trace, because answers name theirs; no sampler keeps it. */
  private static final String TRACE = "00-" + "f".repeat(32) + "-" + "f".repeat(16) + "-00";

  private final ApiOperation operation;
  private final Neighbour neighbour;
  private final Stranger stranger;

  WallQuestions(ApiOperation operation, Neighbour neighbour, Stranger stranger) {
    this.operation = operation;
    this.neighbour = neighbour;
    this.stranger = stranger;
  }

  /**
   * The same question twice.
   *
   * @param theirs by names of the neighbour's
   * @param nobodys by names of nothing
   */
  // The bytes are sent and never compared as a component.
  @SuppressWarnings("ArrayRecordComponent")
  record Pair(String how, byte[] theirs, byte[] nobodys) {}

  /** Whose names a question is asked by. */
  private enum Names {
    THEIRS,
    NOBODYS;

    String of(Thing thing) {
      return this == THEIRS ? thing.name() : thing.absent();
    }

    byte[] content(Thing thing) {
      return this == THEIRS ? thing.content() : thing.absentContent();
    }

    JsonNode of(JsonNode value) {
      return this == THEIRS || !value.isTextual()
          ? value
          : TextNode.valueOf(NamespaceWall.absentName(value.textValue()));
    }
  }

  static boolean isNamespace(Parameter parameter) {
    return parameter.inPath()
        && (parameter.name().equals("ns") || parameter.name().equals("namespace"));
  }

  /** What the neighbour asks for what it has. */
  byte[] owners(boolean paged) {
    String query = query(needed(), Names.THEIRS);
    String one = paged ? (query.isEmpty() ? "?" : "&") + "page_size=1" : "";
    return new Draft(operation.method(), target(neighbour.namespace(), Names.THEIRS) + query + one)
        .header("Authorization: Bearer " + neighbour.token())
        .wire();
  }

  /** In the neighbour's namespace, and in one that is none. */
  List<Pair> across() {
    String nowhere = NamespaceWall.absentName(neighbour.namespace());
    List<Pair> pairs = new ArrayList<>();
    for (String accepted : accepted()) {
      pairs.add(
          new Pair(
              "across the wall, as " + accepted,
              asked(neighbour.namespace(), Names.THEIRS, needed(), accepted),
              asked(nowhere, Names.THEIRS, needed(), accepted)));
    }
    return pairs;
  }

  /** In the stranger's own namespace. */
  List<Pair> within() {
    List<Pair> pairs = new ArrayList<>();
    for (String accepted : accepted()) {
      pairs.add(pair("at home, as " + accepted, needed(), accepted));
    }
    for (Parameter parameter : operation.parameters()) {
      JsonNode value = neighbour.fields().get(parameter.name());
      if (parameter.inQuery() && value != null && !parameter.required()) {
        pairs.add(
            pair(
                "at home, by " + parameter.name(),
                Map.of(parameter.name(), value),
                ACCEPTED.getFirst()));
      }
    }
    return pairs;
  }

  /** With the neighbour's cursor, at home. */
  byte[] withCursor(String cursor) {
    Map<String, JsonNode> query = new TreeMap<>(needed());
    query.put("cursor", TextNode.valueOf(cursor));
    return asked(stranger.namespace(), Names.THEIRS, query, ACCEPTED.getFirst());
  }

  /** What belongs to no namespace. */
  byte[] beyond() {
    return asked(stranger.namespace(), Names.THEIRS, Map.of(), ACCEPTED.getFirst());
  }

  /** The query parameters without which nothing is answered. */
  private Map<String, JsonNode> needed() {
    Map<String, JsonNode> needed = new TreeMap<>();
    for (Parameter parameter : operation.parameters()) {
      JsonNode value = neighbour.fields().get(parameter.name());
      if (parameter.inQuery() && parameter.required() && value != null) {
        needed.put(parameter.name(), value);
      }
    }
    return needed;
  }

  /** A writer answers in one form, and would do twice what it does. */
  private List<String> accepted() {
    return operation.writes() ? ACCEPTED.subList(0, 1) : ACCEPTED;
  }

  private Pair pair(String how, Map<String, JsonNode> query, String accepted) {
    return new Pair(
        how,
        asked(stranger.namespace(), Names.THEIRS, query, accepted),
        asked(stranger.namespace(), Names.NOBODYS, query, accepted));
  }

  /** What is given, and what else must be there as the contract has it for an example. */
  private String query(Map<String, JsonNode> given, Names names) {
    Map<String, String> values = new TreeMap<>();
    for (Parameter parameter : operation.parameters()) {
      if (parameter.inQuery() && parameter.required() && !parameter.example().isEmpty()) {
        values.put(parameter.name(), parameter.example());
      }
    }
    given.forEach((name, value) -> values.put(name, names.of(value).asText()));
    StringBuilder query = new StringBuilder();
    values.forEach((name, value) ->
        query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(escaped(value)));
    return query.toString();
  }

  private byte[] asked(
      String namespace, Names names, Map<String, JsonNode> query, String accepted) {
    Draft draft = new Draft(operation.method(), target(namespace, names) + query(query, names));
    draft
        .header("Authorization: Bearer " + stranger.token())
        .header("Accept: " + accepted)
        .header("traceparent: " + TRACE);
    if (operation.json().isPresent()) {
      JsonNode body = filled(operation.json().get(), names);
      return draft.body("application/json", Json.write(body)).wire();
    }
    Thing uploaded = neighbour.things().get(collection(operation.path()));
    return operation.writes() && uploaded != null && uploaded.content().length > 0
        ? draft.body("text/plain", names.content(uploaded)).wire()
        : draft.wire();
  }

  private String target(String namespace, Names names) {
    StringBuilder target = new StringBuilder();
    String before = "";
    for (String segment : operation.path().substring(1).split("/", -1)) {
      boolean given = segment.startsWith("{");
      target
          .append('/')
          .append(given ? escaped(named(segment, before, namespace, names)) : segment);
      before = given ? before : segment;
    }
    return target.toString();
  }

  private String named(String segment, String before, String namespace, Names names) {
    if (segment.equals("{ns}") || segment.equals("{namespace}")) {
      return namespace;
    }
    Thing thing = neighbour.things().get(before);
    return thing == null ? ANY : names.of(thing);
  }

  /** The last part of a path that is not given. */
  private static String collection(String path) {
    String collection = "";
    for (String segment : path.split("/", -1)) {
      collection = segment.startsWith("{") ? collection : segment;
    }
    return collection;
  }

  /** The example of the contract about the neighbour's things. */
  private JsonNode filled(JsonNode example, Names names) {
    if (example.isArray()) {
      ArrayNode filled = Json.mapper().createArrayNode();
      // Of more items the rest stay as they are: a list has nothing twice.
      example.forEach(item -> filled.add(filled.isEmpty() ? filled(item, names) : item));
      return filled;
    }
    if (!example.isObject()) {
      return example;
    }
    ObjectNode filled = Json.mapper().createObjectNode();
    example
        .properties()
        .forEach(
            field -> filled.set(field.getKey(), field(field.getKey(), field.getValue(), names)));
    return filled;
  }

  private JsonNode field(String name, JsonNode example, Names names) {
    JsonNode value = neighbour.fields().get(name);
    return value == null ? filled(example, names) : names.of(value);
  }

  private static String escaped(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
