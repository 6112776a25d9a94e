package dev.dome.statecontroller.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several ledgers at once are the ledgers one by one. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "state-controller"))
class LedgersTest {
  private final SeedStore store = new SeedStore();
  private final String namespace = "ns-" + UUID.randomUUID();

  private ValidatableResponse get(String of, String resource) {
    return given()
        .header("Authorization", TestTokens.bearer("alice", of, "auditor"))
        .get("/v1/namespaces/" + of + "/" + resource)
        .then();
  }

  private static JsonNode tree(ValidatableResponse answer) {
    return Json.read(answer.statusCode(200).extract().asByteArray(), JsonNode.class);
  }

  private void seed(String of, String runId) {
    SeededRun.submitted(store, of, runId, 1_795_000_000_000L).claim("plan");
  }

  @Test
  void theRowsOfSeveralRunsComeRunByRunOverPages() {
    List<String> runs = List.of("run-a", "run-b", "run-c");
    runs.forEach(run -> seed(namespace, run));
    seed("other-" + namespace, "run-a");

    List<JsonNode> rows = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      JsonNode page =
          tree(get(namespace, "ledgers?run_id=run-a,run-c,run-x,run-b&page_size=2" + cursor));
      page.path("items").forEach(rows::add);
      cursor = page.has("next_cursor") ? "&cursor=" + page.path("next_cursor").asText() : null;
    }

    for (String run : runs) {
      List<JsonNode> alone = new ArrayList<>();
      tree(get(namespace, "runs/" + run + "/ledger")).path("items").forEach(alone::add);
      assertThat(rows)
          .filteredOn(row -> row.at("/envelope/run_id").asText().equals(run))
          .as(run)
          .hasSizeGreaterThan(3)
          .isEqualTo(alone);
    }
    assertThat(rows).extracting(row -> row.path("namespace").asText()).containsOnly(namespace);
  }

  @Test
  void aCursorIsOfItsRunsAndThereAreAtMostFifty() {
    seed(namespace, "run-a");
    seed(namespace, "run-b");
    String cursor =
        tree(get(namespace, "ledgers?run_id=run-a,run-b&page_size=1")).path("next_cursor").asText();

    get(namespace, "ledgers?run_id=run-b,run-a&cursor=" + cursor).statusCode(200);
    get(namespace, "ledgers?run_id=run-a&cursor=" + cursor)
        .statusCode(400)
        .body("reason_code", equalTo("REQUEST.BAD_CURSOR"));
    get(namespace, "ledgers?run_id=" + ids(50)).statusCode(200);
    get(namespace, "ledgers?run_id=" + ids(51)).statusCode(400);
  }

  private static String ids(int count) {
    return IntStream.range(0, count).mapToObj(i -> "run-" + i).collect(Collectors.joining(","));
  }
}
