package dev.dome.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.AccessBatch;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.PublishedRows;
import dev.dome.contracts.wire.Subjects;
import dev.dome.statecontroller.application.FreedHint;
import dev.dome.statecontroller.application.ReadyHint;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** contracts/asyncapi says what the services send each other, no more and no less. */
class AsyncContractTest {
  private static final Path CONTRACT =
      Path.of(System.getProperty("dome.root"), "contracts", "asyncapi", "dome", "v1.yaml");
  private static final List<Class<? extends Record>> MESSAGES =
      List.of(
          InboxMessage.class,
          PublishedRows.class,
          AccessBatch.class,
          Claim.Request.class,
          Claim.Reply.class,
          Claim.Heartbeat.class,
          Claim.HeartbeatReply.class,
          ReadyHint.class,
          FreedHint.class,
          Outcome.class);
  private static final List<Class<? extends Record>> SCHEMAS =
      List.of(
          Actor.class,
          InboxMessage.IdempotencyKey.class,
          PublishedRow.class,
          EventEnvelope.class,
          AccessDecision.class,
          AccessDecision.Change.class,
          Claim.GrantedTask.class,
          Outcome.Position.class);

  private final JsonNode contract = read();

  @Test
  void theChannelsAreTheSubjectsOfTheCode() {
    Set<String> addresses = new TreeSet<>();
    contract.required("channels").forEach(channel -> addresses.add(address(channel)));
    assertThat(addresses)
        .as("channels of %s: name the subjects of dev.dome.contracts.wire.Subjects", CONTRACT)
        .containsExactlyInAnyOrder(
            Subjects.inbox(new Lane(0)),
            Subjects.journal(new Lane(0)),
            Subjects.ACCESS,
            Subjects.CLAIMS,
            Subjects.claimsOf("0"),
            Subjects.READY_HINT,
            Subjects.FREED_HINT,
            Subjects.heartbeats(new Lane(0)),
            Subjects.replies("0"));
  }

  @Test
  void everyMessageHasTheFieldsOfItsRecord() {
    JsonNode components = contract.required("components");
    Map<String, Set<String>> documented = new TreeMap<>();
    components
        .required("messages")
        .properties()
        .forEach(m -> documented.put(m.getKey(), fields(m.getValue().required("payload"))));
    components
        .required("schemas")
        .properties()
        .forEach(s -> documented.put(s.getKey(), fields(s.getValue())));

    Map<String, Set<String>> sent = new TreeMap<>();
    MESSAGES.forEach(type -> sent.put(type.getSimpleName(), components(type)));
    SCHEMAS.forEach(type -> sent.put(type.getSimpleName(), components(type)));
    assertThat(documented)
        .as("fields in %s: write them as the records have them", CONTRACT)
        .isEqualTo(sent);
  }

  @Test
  void whatIsRequiredIsAField() {
    for (JsonNode message : contract.at("/components/messages")) {
      JsonNode payload = message.required("payload");
      Set<String> required = new TreeSet<>();
      payload.path("required").forEach(name -> required.add(name.asText()));
      assertThat(fields(payload)).containsAll(required);
    }
  }

  private static String address(JsonNode channel) {
    return channel.required("address").asText().replaceAll("\\{[a-z]+}", "0");
  }

  private static Set<String> fields(JsonNode schema) {
    Set<String> names = new TreeSet<>();
    schema.required("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Set<String> components(Class<? extends Record> type) {
    SnakeCaseStrategy names = new SnakeCaseStrategy();
    return new TreeSet<>(
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getName)
            .map(names::translate)
            .toList());
  }

  private static JsonNode read() {
    try {
      return new YAMLMapper().readTree(CONTRACT.toFile());
    } catch (IOException e) {
      throw new IllegalStateException(CONTRACT + " cannot be read", e);
    }
  }
}
