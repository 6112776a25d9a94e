package dev.dome.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LedgerVerifierTest {

  static List<Path> golden() throws IOException {
    return GoldenLedgers.files();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void every_golden_history_is_a_match_of_a_complete_run(Path file) throws IOException {
    List<ObjectNode> rows = GoldenLedgers.rows(file);

    Finding finding = LedgerVerifier.verify(Files.newInputStream(file));

    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Match.class,
            match -> {
              assertThat(match.complete()).as(match.status()).isTrue();
              assertThat(match.sequence()).isEqualTo(rows.size());
              assertThat(match.headHash()).isEqualTo(rows.getLast().get("hash").asText());
              assertThat(match.runId().value())
                  .isEqualTo(rows.getFirst().at("/envelope/run_id").asText());
            });
    assertThat(LedgerVerifier.verify(List.<JsonNode>copyOf(rows))).isEqualTo(finding);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void whatever_value_of_whatever_row_is_changed_is_found(Path file) throws IOException {
    int rows = GoldenLedgers.rows(file).size();
    for (int row = 0; row < rows; row++) {
      List<ObjectNode> ledger = GoldenLedgers.rows(file);
      int at = row;
      Leaves.eachChanged(
          ledger.get(row),
          pointer ->
              assertThat(finding(ledger))
                  .as("row %d with another %s", at + 1, pointer)
                  .isInstanceOfSatisfying(
                      Finding.Difference.class,
                      d -> assertThat(d.sequence()).isBetween(at + 1L, at + 2L)));
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void a_derived_value_that_was_changed_and_sealed_again_is_found(Path file) throws IOException {
    int rows = GoldenLedgers.rows(file).size();
    for (int row = 0; row < rows; row++) {
      List<ObjectNode> ledger = GoldenLedgers.rows(file);
      if (ledger.get(row).get("kind").asText().equals("EVENT")) {
        int at = row;
        Leaves.eachChanged(
            (ObjectNode) ledger.get(row).at("/envelope/payload"),
            pointer ->
                assertThat(finding(GoldenLedgers.resealed(ledger)))
                    .as("row %d with another payload %s", at + 1, pointer)
                    .isInstanceOf(Finding.Difference.class));
      }
    }
  }

  @Test
  void a_derived_value_is_shown_with_what_the_inputs_make_of_it() throws IOException {
    List<ObjectNode> rows = GoldenLedgers.approved();
    int verdict = indexOf(rows, "gate.verdict");
    rows.get(verdict).withObject("/envelope/payload/decision").put("risk_score", 1);

    Finding finding = finding(GoldenLedgers.resealed(rows));

    assertThat(finding)
        .isEqualTo(
            new Finding.Difference(
                verdict + 1L, "/envelope/payload/decision/risk_score", "1", "20"));
  }

  @Test
  void an_input_that_was_changed_and_sealed_again_is_found_by_what_followed_from_it()
      throws IOException {
    List<ObjectNode> rows = GoldenLedgers.approved();
    rows.getFirst().withObject("/envelope/payload/context/actor").put("subject", "mallory");

    Finding finding = finding(GoldenLedgers.resealed(rows));

    assertThat(finding)
        .isEqualTo(
            new Finding.Difference(2, "/envelope/payload/submitter", "\"alice\"", "\"mallory\""));
  }

  @Test
  void an_input_that_nobody_could_have_decided_is_found() throws IOException {
    List<ObjectNode> rows = GoldenLedgers.approved();
    rows.getFirst().withObject("/envelope/payload/context").remove("actor");

    assertThat(finding(GoldenLedgers.resealed(rows)))
        .isInstanceOfSatisfying(
            Finding.Difference.class,
            d -> {
              assertThat(d.sequence()).isEqualTo(1);
              assertThat(d.what()).isEqualTo("input");
            });
  }

  static Stream<Arguments> tamperings() {
    return Stream.of(
        kind("a row is missing", 4, "sequence", rows -> rows.remove(3)),
        kind("the first row is missing", 1, "sequence", List::removeFirst),
        kind("a row stands twice", 5, "sequence", rows -> rows.add(4, rows.get(3).deepCopy())),
        kind("rows are swapped", 4, "sequence", rows -> rows.add(3, rows.remove(4))),
        kind("the last row is missing", 30, "row", List::removeLast),
        kind(
            "a link is broken",
            5,
            "prev_hash",
            rows -> rows.get(4).put("prev_hash", "f".repeat(64))),
        kind("a hash is another", 5, "hash", rows -> rows.get(4).put("hash", "f".repeat(64))),
        kind(
            "the last hash is another",
            30,
            "hash",
            rows -> rows.getLast().put("hash", "f".repeat(64))),
        kind("a field is unknown", 5, "row", rows -> rows.get(4).put("note", "hello")),
        kind("a field is missing", 5, "row", rows -> rows.get(4).remove("lane")),
        kind(
            "a field of the envelope is missing",
            5,
            "row",
            rows -> rows.get(4).withObject("/envelope").remove("topic")),
        kind("a number is not whole", 5, "row", rows -> rows.get(4).put("lane", 3.5)));
  }

  private static Arguments kind(
      String name, long sequence, String what, Consumer<List<ObjectNode>> tampering) {
    return Arguments.of(name, sequence, what, tampering);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tamperings")
  void tampering_is_found_where_it_was_done(
      String name, long sequence, String what, Consumer<List<ObjectNode>> tampering)
      throws IOException {
    List<ObjectNode> rows = GoldenLedgers.approved();

    tampering.accept(rows);

    assertThat(finding(rows))
        .as(name)
        .isInstanceOfSatisfying(
            Finding.Difference.class,
            d -> {
              assertThat(d.what()).isEqualTo(what);
              assertThat(d.sequence()).isEqualTo(sequence);
            });
  }

  static Stream<Arguments> forgeries() {
    return Stream.of(
        kind("an event is left out", 4, "kind", rows -> renumber(rows, 3)),
        kind(
            "a row is of another run",
            5,
            "run_uid",
            rows -> rows.get(4).put("run_uid", "0".repeat(32))),
        kind(
            "a row is of another namespace",
            5,
            "place",
            rows -> rows.get(4).put("namespace", "team-b")),
        kind("a row is of another lane", 5, "place", rows -> rows.get(4).put("lane", 4)),
        kind(
            "a row stands earlier in its lane",
            5,
            "lane_position",
            rows -> rows.get(4).put("lane_position", 1)),
        kind("an event passes for an input", 2, "kind", rows -> rows.get(1).put("kind", "INPUT")),
        kind(
            "an input passes for an event",
            1,
            "kind",
            rows -> rows.getFirst().put("kind", "EVENT")),
        kind(
            "the whole run is of another namespace",
            1,
            "run_uid",
            rows -> rows.forEach(row -> row.put("namespace", "team-b"))));
  }

  private static void renumber(List<ObjectNode> rows, int without) {
    rows.remove(without);
    for (int i = without; i < rows.size(); i++) {
      rows.get(i).withObject("/envelope").put("sequence", i + 1);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  void forgery_with_an_unbroken_chain_is_found(
      String name, long sequence, String what, Consumer<List<ObjectNode>> forgery)
      throws IOException {
    List<ObjectNode> rows = GoldenLedgers.approved();

    forgery.accept(rows);

    assertThat(finding(GoldenLedgers.resealed(rows)))
        .as(name)
        .isInstanceOfSatisfying(
            Finding.Difference.class,
            d -> {
              assertThat(d.what()).startsWith(what);
              assertThat(d.sequence()).isEqualTo(sequence);
            });
  }

  @Test
  void what_is_no_row_is_a_finding_and_no_failure() throws IOException {
    String lines = GoldenLedgers.lines(GoldenLedgers.approved());
    String first = lines.lines().findFirst().orElseThrow();

    assertThat(found(text -> ""))
        .isEqualTo(new Finding.Difference(1, "row", "none", "the run's submission"));
    assertThat(found(text -> "not json\n" + text)).isInstanceOf(Finding.Difference.class);
    assertThat(found(text -> "\n" + text)).isInstanceOf(Finding.Difference.class);
    assertThat(found(text -> "null\n" + text)).isInstanceOf(Finding.Difference.class);
    assertThat(found(text -> "[]\n" + text)).isInstanceOf(Finding.Difference.class);
    assertThat(found(text -> text.replaceFirst("\\{\"envelope\"", "{\"lane\":9,\"envelope\"")))
        .as("a name that stands twice")
        .isInstanceOfSatisfying(
            Finding.Difference.class, d -> assertThat(d.recorded()).contains("Duplicate"));
    assertThat(found(text -> first + first + "\n" + text.substring(first.length())))
        .as("two rows on a line")
        .isInstanceOf(Finding.Difference.class);
  }

  private static Finding found(UnaryOperator<String> change) throws IOException {
    String lines = GoldenLedgers.lines(GoldenLedgers.approved());
    byte[] changed = change.apply(lines).getBytes(StandardCharsets.UTF_8);
    return LedgerVerifier.verify(new ByteArrayInputStream(changed));
  }

  @Test
  void a_ledger_that_was_cut_off_behind_a_step_is_a_match_that_says_the_run_goes_on()
      throws IOException {
    List<ObjectNode> rows = GoldenLedgers.approved();
    int next = indexOf(rows, "input.claim_task");

    Finding finding = finding(rows.subList(0, next));

    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Match.class,
            match -> {
              assertThat(match.complete()).isFalse();
              assertThat(match.headHash()).isEqualTo(rows.get(next - 1).get("hash").asText());
            });
  }

  private static Finding finding(List<ObjectNode> rows) {
    return LedgerVerifier.verify(List.<JsonNode>copyOf(rows));
  }

  private static int indexOf(List<ObjectNode> rows, String topic) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).at("/envelope/topic").asText().equals(topic)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no row of topic " + topic);
  }
}
