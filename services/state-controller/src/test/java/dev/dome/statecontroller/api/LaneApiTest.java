package dev.dome.statecontroller.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;

import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "state-controller"))
class LaneApiTest {
  private static final int SEEDED_LANE = 900;

  private static ValidatableResponse get(String path) {
    return given()
        .header("Authorization", TestTokens.bearer("carol", "dome-system", "auditor"))
        .get(path)
        .then();
  }

  @Test
  void everyLaneHasAnOwnerWithAnEpoch() {
    Awaitility.await()
        .untilAsserted(() ->
            get("/v1/lanes")
                .statusCode(200)
                .body("items.lane", hasSize(16))
                .body("items.epoch", everyItem(greaterThan(0))));
  }

  @Test
  void theEpochsOfALaneComeInLaneOrder() {
    SeedStore store = new SeedStore();
    String namespace = "ns-" + UUID.randomUUID();
    SeededRun.submitted(store, namespace, "epoch-run", 1_795_000_000_000L).claim("plan");
    long last = SeededRun.lanePosition();
    store.writtenUnder(3, SEEDED_LANE, last - 1);
    String epochs = "/v1/lanes/" + SEEDED_LANE + "/epochs?after=" + (last - 4);

    get(epochs)
        .statusCode(200)
        .body("items.epoch", contains(1, 3, 1))
        .body("items.first_position", contains((int) last - 3, (int) last - 1, (int) last))
        .body("items.last_position", contains((int) last - 2, (int) last - 1, (int) last))
        .body("next_after", equalTo((int) last));
    get(epochs + "&limit=2").body("items.last_position", contains((int) last - 2));
    get("/v1/lanes/" + SEEDED_LANE + "/epochs?after=" + last).body("items", empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/lanes", "/v1/lanes/0/epochs"})
  void onlyOperatorsAndAuditorsOfDomeSeeThem(String path) {
    String namespace = "ns-" + UUID.randomUUID();

    given()
        .header("Authorization", TestTokens.bearer("carol", namespace, "operator"))
        .get(path)
        .then()
        .statusCode(404);
    given()
        .header("Authorization", TestTokens.bearer("carol", "dome-system", "worker"))
        .get(path)
        .then()
        .statusCode(403);
  }
}
