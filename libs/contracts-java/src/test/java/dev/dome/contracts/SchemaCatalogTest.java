package dev.dome.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchemaCatalogTest {
  private final SchemaCatalog catalog = SchemaCatalog.standard();

  @Test
  void theListOfNamesIsTheDirectory() throws IOException {
    try (Stream<Path> files = Files.list(RepositoryRoot.path().resolve("ssot/schemas"))) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".schema.json", "")))
          .containsExactlyInAnyOrderElementsOf(SchemaNames.ALL);
    }
    assertThat(catalog.names()).containsExactlyInAnyOrderElementsOf(SchemaNames.ALL);
  }

  @Test
  void everyKindOfFaultHasACodeAndAPointer() {
    finds("demo.pre_contract", d -> d.remove("packet_id"), "/packet_id", "SCHEMA.REQUIRED");
    finds("demo.pre_contract", d -> d.put("packet_id", "X"), "/packet_id", "SCHEMA.PATTERN");
    finds("demo.pre_contract", d -> d.put("surprise", 1), "/surprise", "SCHEMA.UNKNOWN_FIELD");
    finds("demo.pre_contract", d -> d.put("repo", 1), "/repo", "SCHEMA.TYPE");
    finds(
        "demo.pre_contract",
        d -> object(d, "budgets").put("iteration_budget", 0),
        "/budgets/iteration_budget",
        "SCHEMA.RANGE");
    finds(
        "demo.pre_contract", d -> d.put("schema_version", "v9"), "/schema_version", "SCHEMA.ENUM");
    finds("task.result", d -> d.put("artifact_kind", "x"), "/artifact_kind", "SCHEMA.CONST");
    finds("task.result", d -> d.put("risk_score_hint", 101), "/risk_score_hint", "SCHEMA.RANGE");
    finds("event.envelope", d -> d.put("ts", "yesterday"), "/ts", "SCHEMA.FORMAT");
    finds("approval.request", d -> d.put("comment", ""), "/comment", "SCHEMA.LENGTH");
    finds("spawn.spec", d -> d.put("wave_id", ""), "/wave_id", "SCHEMA.LENGTH");
    finds("runtime.config", d -> d.putObject("profiles"), "/profiles", "SCHEMA.ITEMS");
    finds(
        "demo.pre_contract",
        d -> object(d, "actions").put("test", 5),
        "/actions/test",
        "SCHEMA.TYPE");
  }

  @Test
  void aPointerEscapesTheNameItEndsIn() {
    finds("task.result", d -> d.put("a/b~c", 1), "/a~1b~0c", "SCHEMA.UNKNOWN_FIELD");
  }

  @Test
  void theEnvelopeHoldsItsSevenFieldsAndNothingElse() {
    assertThat(example("event.envelope").size()).isEqualTo(7);
    for (String name :
        List.copyOf(example("event.envelope").propertyStream().map(Map.Entry::getKey).toList())) {
      finds("event.envelope", d -> d.remove(name), "/" + name, "SCHEMA.REQUIRED");
    }
    finds("event.envelope", d -> d.put("prev_hash", ""), "/prev_hash", "SCHEMA.UNKNOWN_FIELD");
  }

  @Test
  void whatV03AddsIsNoPartOfV02() {
    finds("demo.pre_contract", d -> d.putArray("tasks"), "/tasks", "SCHEMA.UNKNOWN_FIELD");
    finds("demo.pre_contract", d -> d.put("profile", "fast"), "/profile", "SCHEMA.UNKNOWN_FIELD");

    ObjectNode newer = example("demo.pre_contract");
    newer.put("schema_version", "xtrl.pre_contract/v0.3").put("profile", "fast").putArray("tasks");
    assertThat(catalog.validate("demo.pre_contract", newer)).isEmpty();
  }

  @Test
  void aCommandIsAListOrOneText() {
    ObjectNode document = example("demo.pre_contract");
    object(document, "actions").put("test", "mvn -q verify");

    assertThat(catalog.validate("demo.pre_contract", document)).isEmpty();
    finds(
        "demo.pre_contract",
        d -> object(d, "actions").putArray("test"),
        "/actions/test",
        "SCHEMA.ITEMS");
  }

  @Test
  void aStatusAndItsSubstrateStatusAgree() {
    finds(
        "gate.decision",
        d -> d.put("substrate_status", "DENY"),
        "/substrate_status",
        "SCHEMA.CONST");
  }

  @Test
  void aPathStaysInsideItsRoot() {
    for (String path : List.of("/etc/passwd", "../x", "a/../b", "a/..", "..", "a\\b", "")) {
      ObjectNode document = example("demo.pre_contract");
      object(document, "constraints").putArray("allowed_paths").add(path);
      assertThat(catalog.validate("demo.pre_contract", document)).as(path).isNotEmpty();
    }
  }

  @Test
  void theSchemasPatternsAreThoseOfTheTypes() {
    JsonNode defs = schema("definitions").get("$defs");

    pattern(defs, "run_id", RunId.PATTERN);
    pattern(defs, "task_id", TaskId.PATTERN);
    pattern(defs, "queue_name", QueueName.PATTERN);
    pattern(defs, "attempt_id", AttemptId.PATTERN);
    pattern(defs, "reason_code", ReasonCode.PATTERN);
  }

  @Test
  void oneCatalogServesManyThreads() {
    ObjectNode good = example("demo.pre_contract");
    ObjectNode bad = good.deepCopy();
    bad.remove("packet_id");

    boolean right =
        IntStream.range(0, 2000)
            .parallel()
            .allMatch(i ->
                catalog.validate("demo.pre_contract", good).isEmpty()
                    && catalog.validate("demo.pre_contract", bad).size() == 1);

    assertThat(right).isTrue();
  }

  @Test
  void aSchemaMayNotReachOutside() {
    ObjectNode schema =
        Json.mapper()
            .createObjectNode()
            .put("$schema", "https://json-schema.org/draft/2020-12/schema")
            .put("$id", SchemaCatalog.BASE + "x.schema.json")
            .put("$ref", "https://example.org/other.json");

    assertThat(SchemaCatalog.check(Map.of("x", schema)))
        .extracting(finding -> finding.error().reasonCode().value())
        .containsExactly("SCHEMA.REMOTE_REF");
    assertThatThrownBy(() -> SchemaCatalog.of(Map.of("x", schema)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSchemaThatIsNotThereIsADefect() {
    assertThatThrownBy(() -> catalog.validate("no.such", example("task.result")))
        .hasMessageContaining("no.such");
  }

  private void finds(String schema, Consumer<ObjectNode> edit, String pointer, String code) {
    ObjectNode document = example(schema);
    assertThat(catalog.validate(schema, document)).isEmpty();
    edit.accept(document);

    List<FieldError> errors = catalog.validate(schema, document);

    assertThat(errors)
        .as("%s %s", schema, errors)
        .anySatisfy(error -> {
          assertThat(error.pointer()).isEqualTo(pointer);
          assertThat(error.reasonCode().value()).isEqualTo(code);
        });
    errors.forEach(e -> assertThat(ReasonCodes.standard().contains(e.reasonCode())).isTrue());
  }

  private static void pattern(JsonNode defs, String name, Pattern expected) {
    assertThat(defs.get(name).get("pattern").asText()).isEqualTo("^" + expected.pattern() + "$");
  }

  private static ObjectNode object(ObjectNode parent, String name) {
    return (ObjectNode) parent.get(name);
  }

  private static ObjectNode example(String name) {
    return (ObjectNode) read("ssot/examples/" + name + ".json");
  }

  private static JsonNode schema(String name) {
    return read("ssot/schemas/" + name + ".schema.json");
  }

  private static JsonNode read(String file) {
    try {
      return Json.read(Files.readAllBytes(RepositoryRoot.path().resolve(file)), JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
