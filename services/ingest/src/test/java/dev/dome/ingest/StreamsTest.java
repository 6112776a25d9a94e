package dev.dome.ingest;

import static dev.dome.ingest.Requests.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.contracts.wire.Subjects;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestStack;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator has the streams rebuilt; lanes are asked by their inbox. */
@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
class StreamsTest extends ServiceTest {
  private static final String SYSTEM = "dome-system";
  private static final String REBUILD = "/v1/streams/rebuild";

  @BeforeEach
  void decide() {
    controller.decides(StreamsTest::republished);
  }

  private static Outcome republished(InboxMessage message) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("after", message.body().path("after").asLong()).put("position", 40);
    return new Outcome(message.operationId(), 200, body, null, null, List.of(), null);
  }

  private static Response rebuild(String body) {
    return as(SYSTEM, "operator").body(body).post(REBUILD);
  }

  private List<InboxMessage> asked() {
    return controller.heardOf(SYSTEM);
  }

  @Test
  void everyLaneIsAskedToPublishItsJournalFromTheFirstRow() {
    rebuild("{}")
        .then()
        .statusCode(200)
        .body("streams_made", empty())
        .body("lanes", hasSize(16))
        .body("lanes.status", everyItem(equalTo(200)))
        .body("lanes.after", everyItem(equalTo(0)))
        .body("lanes.position", everyItem(equalTo(40)));

    assertThat(asked()).hasSize(16).allMatch(m -> m.kind() == InboxKind.REPUBLISH_LANE);
    assertThat(asked()).allMatch(m -> m.actor().subject().equals("tester"));
  }

  @Test
  void onlyTheLanesThatAreNamedAreAsked() {
    rebuild("{\"after\": 7, \"lanes\": [3, 5]}")
        .then()
        .statusCode(200)
        .body("lanes.lane", contains(3, 5))
        .body("lanes.after", contains(7, 7));

    assertThat(asked()).hasSize(2);
  }

  @Test
  void aLaneWhoseOwnerDoesNotAnswerWillBeginAndItsOperationTellsWhen() {
    controller.staysSilent();

    rebuild("{\"lanes\": [3]}")
        .then()
        .statusCode(202)
        .body("lanes.status", contains(202))
        .body("lanes.operation_id", contains(asked().getLast().operationId()))
        .body("lanes[0].position", nullValue());
  }

  @Test
  void streamsThatAreGoneAreMadeFirst() throws Exception {
    Connection connection = Nats.connect(TestStack.shared().nats().url());
    try {
      connection.jetStreamManagement().deleteStream(Subjects.JOURNAL_STREAM);
    } finally {
      connection.close();
    }

    rebuild("{}").then().statusCode(200).body("streams_made", contains(Subjects.JOURNAL_STREAM));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"after\": -1}",
        "{\"after\": \"1\"}",
        "{\"lanes\": []}",
        "{\"lanes\": [1, 1]}",
        "{\"lanes\": [16]}",
        "{\"lanes\": [1024]}",
        "{\"from\": 1}"
      })
  void whatDoesNotFitIsRefusedAndNobodyIsAsked(String body) {
    rebuild(body).then().statusCode(422);

    assertThat(asked()).isEmpty();
  }

  @Test
  void onlyOperatorsOfDomeItselfMay() {
    as(SYSTEM, "auditor").body("{}").post(REBUILD).then().statusCode(403);
    as(Requests.namespace(), "operator").body("{}").post(REBUILD).then().statusCode(404);

    assertThat(asked()).isEmpty();
  }
}
