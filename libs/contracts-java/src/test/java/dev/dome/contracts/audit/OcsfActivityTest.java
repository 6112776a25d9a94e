package dev.dome.contracts.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.audit.OcsfActivity.Activity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OcsfActivityTest {
  /** Attributes that class 6003 of OCSF 1.3.0 requires, and the kind of their values. */
  private static final Map<String, String> REQUIRED =
      Map.of(
          "activity_id", "NUMBER",
          "category_uid", "NUMBER",
          "class_uid", "NUMBER",
          "type_uid", "NUMBER",
          "severity_id", "NUMBER",
          "time", "NUMBER",
          "metadata", "OBJECT",
          "actor", "OBJECT",
          "api", "OBJECT",
          "src_endpoint", "OBJECT");

  /** The attributes of that class, and of the objects in it, that dome uses. */
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "",
          Set.of(
              "activity_id",
              "activity_name",
              "category_uid",
              "category_name",
              "class_uid",
              "class_name",
              "type_uid",
              "severity_id",
              "severity",
              "time",
              "status_id",
              "status",
              "status_code",
              "count",
              "metadata",
              "actor",
              "api",
              "src_endpoint",
              "resources",
              "unmapped"),
          "/metadata",
          Set.of("version", "product", "log_name", "uid", "original_time"),
          "/metadata/product",
          Set.of("name", "vendor_name"),
          "/actor",
          Set.of("user", "app_name"),
          "/actor/user",
          Set.of("uid", "name"),
          "/api",
          Set.of("operation", "service"),
          "/api/service",
          Set.of("name"),
          "/src_endpoint",
          Set.of("ip", "svc_name"),
          "/resources/0",
          Set.of("type", "uid"),
          "/resources/1",
          Set.of("type", "uid", "data"));

  static List<JsonNode> records() throws IOException {
    List<JsonNode> records = new ArrayList<>(lines("/audit/records.jsonl"));
    records.addAll(lines("/audit/changes.jsonl"));
    return records;
  }

  private static List<JsonNode> lines(String resource) throws IOException {
    try (InputStream in = OcsfActivityTest.class.getResourceAsStream(resource)) {
      List<JsonNode> lines = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        lines.add(Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class));
      }
      return lines;
    }
  }

  /** A released file is never edited: what is new has files of its own. */
  @ParameterizedTest
  @CsvSource({"records, ocsf", "changes, changes-ocsf"})
  void recordsBecomeWhatTheGoldenFileHas(String records, String ocsf) throws IOException {
    StringBuilder made = new StringBuilder();
    lines("/audit/" + records + ".jsonl")
        .forEach(record -> made.append(OcsfActivity.of(record)).append('\n'));
    StringBuilder golden = new StringBuilder();
    lines("/audit/" + ocsf + ".jsonl").forEach(line -> golden.append(line).append('\n'));

    assertThat(made).hasToString(golden.toString());
  }

  @ParameterizedTest
  @MethodSource("records")
  void whatTheClassRequiresIsThereInItsKind(JsonNode record) {
    ObjectNode ocsf = OcsfActivity.of(record);

    REQUIRED.forEach(
        (name, kind) -> assertThat(ocsf.path(name).getNodeType()).as(name).hasToString(kind));
    assertThat(ocsf.path("class_uid").asInt()).isEqualTo(6003);
    assertThat(ocsf.path("category_uid").asInt()).isEqualTo(6);
    assertThat(ocsf.path("type_uid").asInt()).isEqualTo(600_300 + ocsf.path("activity_id").asInt());
    assertThat(ocsf.at("/metadata/version").asText()).isEqualTo("1.3.0");
    assertThat(ocsf.at("/metadata/product/vendor_name").isTextual()).isTrue();
    assertThat(ocsf.at("/metadata/uid").asText()).isEqualTo(record.path("log_index").asText());
    assertThat(ocsf.at("/api/operation").asText()).isNotEmpty();
    assertThat(ocsf.path("actor").size()).as("at least one of user and app_name").isPositive();
    assertThat(ocsf.path("src_endpoint").size()).as("at least one of ip and svc_name").isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("records")
  void nothingIsThereThatTheClassDoesNotKnow(JsonNode record) {
    ObjectNode ocsf = OcsfActivity.of(record);

    KNOWN.forEach((pointer, names) -> {
      Set<String> found = new TreeSet<>();
      (pointer.isEmpty() ? ocsf : ocsf.at(pointer)).fieldNames().forEachRemaining(found::add);
      assertThat(names).as(pointer).containsAll(found);
    });
    ocsf.properties()
        .forEach(field ->
            assertThat(
                    !field.getValue().isObject()
                        || field.getKey().equals("unmapped")
                        || KNOWN.containsKey("/" + field.getKey()))
                .as(field.getKey())
                .isTrue());
  }

  @ParameterizedTest
  @MethodSource("records")
  void theChainIsNamedAndTheTextsItIsMadeOfAreNot(JsonNode record) {
    JsonNode unmapped = OcsfActivity.of(record).path("unmapped");

    JsonNode link = record.has("admin") ? record.get("admin") : record.path("journal");
    assertThat(unmapped.path("hash")).isEqualTo(link.path("hash"));
    assertThat(unmapped.has("envelope")).isFalse();
    assertThat(unmapped.has("document")).isFalse();
    assertThat(unmapped.path("kind")).isEqualTo(record.path("kind"));
  }

  @Test
  void anOperationOfALaterVersionIsOtherAndNoneIsUnknown() {
    assertThat(Activity.ofOperation("DANCE")).isEqualTo(Activity.OTHER);
    assertThat(Activity.ofOperation("")).isEqualTo(Activity.UNKNOWN);
  }
}
