package dev.dome.statecontroller.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.CloudEvent;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "state-controller"))
class CloudEventsTest {
  private final SeedStore store = new SeedStore();
  private final String namespace = "ns-" + UUID.randomUUID();

  @BeforeEach
  void seed() {
    SeededRun.submitted(store, namespace, "told-run", 1_795_000_000_000L).promoted();
  }

  @Test
  void aPageOfEventsIsABatchOfCloudEvents() {
    JsonNode envelopes = json(get("application/json", "?page_size=3")).path("items");

    Response answer = get(CloudEvent.BATCH_MEDIA_TYPE, "?page_size=3");

    answer.then().contentType(CloudEvent.BATCH_MEDIA_TYPE);
    JsonNode events = json(answer);
    assertThat(events.size()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      JsonNode event = events.get(i);
      JsonNode envelope = envelopes.get(i);
      assertThat(event.path("specversion").asText()).isEqualTo("1.0");
      assertThat(event.path("id")).isEqualTo(envelope.path("event_id"));
      assertThat(event.path("source").asText())
          .isEqualTo("/v1/namespaces/" + namespace + "/runs/told-run");
      assertThat(event.path("type").asText())
          .isEqualTo("dev.dome." + envelope.path("topic").asText());
      assertThat(event.path("subject").asText()).isEqualTo("told-run");
      assertThat(event.path("time")).isEqualTo(envelope.path("ts"));
      assertThat(event.path("runsequence")).isEqualTo(envelope.path("sequence"));
      assertThat(event.path("data")).isEqualTo(envelope.path("payload"));
    }
    long last = events.get(2).path("runsequence").asLong();
    answer.then().header("Link", equalTo("<?after=" + last + "&page_size=3>; rel=\"next\""));
    assertThat(get(CloudEvent.BATCH_MEDIA_TYPE, "?page_size=200").header("Link")).isNull();
  }

  @Test
  void theNextEventIsOneCloudEventAndNoneIsNoContent() {
    JsonNode all = json(get(CloudEvent.BATCH_MEDIA_TYPE, ""));
    long first = all.get(0).path("runsequence").asLong();
    long last = all.get(all.size() - 1).path("runsequence").asLong();

    Response next = get(CloudEvent.MEDIA_TYPE, "?after=" + first);
    next.then().statusCode(200).contentType(CloudEvent.MEDIA_TYPE).body("id", notNullValue());
    assertThat(json(next)).isEqualTo(all.get(1));
    get(CloudEvent.MEDIA_TYPE, "?after=" + last).then().statusCode(204).body(emptyString());
  }

  @Test
  void whoeverTakesAnythingIsGivenPlainJson() {
    get("*/*", "").then().statusCode(200).contentType("application/json");
    given()
        .header("Authorization", TestTokens.bearer("alice", namespace, "auditor"))
        .accept(CloudEvent.BATCH_MEDIA_TYPE)
        .get("/v1/namespaces/" + namespace + "/runs/no-such-run/events")
        .then()
        .statusCode(404);
  }

  private Response get(String accept, String query) {
    return given()
        .header("Authorization", TestTokens.bearer("alice", namespace, "auditor"))
        .accept(accept)
        .get("/v1/namespaces/" + namespace + "/runs/told-run/events" + query);
  }

  private static JsonNode json(Response answer) {
    return Json.read(answer.asByteArray(), JsonNode.class);
  }
}
