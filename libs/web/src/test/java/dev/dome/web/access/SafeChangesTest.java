package dev.dome.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.AccessDecision.Change;
import dev.dome.contracts.wire.AccessDecision.Effect;
import org.junit.jupiter.api.Test;

class SafeChangesTest {
  private static final String SECRET = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

  private static final AccessDecision BEGUN =
      new AccessDecision(
          1_000,
          Effect.ALLOW,
          "olga",
          null,
          "SET_LIMIT",
          new NamespaceId("default"),
          null,
          null,
          "ced4163b0d0bdbb950c3ad02fb89182b",
          1,
          null);

  @Test
  void aChangeIsRecordedAtItsOwnTimeWithTheTraceOfTheDecision() {
    ObjectNode value = Json.mapper().createObjectNode().put("max_concurrent", 4);

    AccessDecision done =
        SafeChanges.done(BEGUN, 2_000, new Change("limit", "queue:builds", value));

    assertThat(done.atMs()).isEqualTo(2_000);
    assertThat(done.traceId()).isEqualTo(BEGUN.traceId());
    assertThat(done.change()).isEqualTo(new Change("limit", "queue:builds", value));
    assertThat(Json.read(Json.write(done), AccessDecision.class)).isEqualTo(done);
  }

  @Test
  void whatIsNoMoreHasNoValueAndIsReadAsWritten() {
    AccessDecision done = SafeChanges.done(BEGUN, 2_000, new Change("limit", "queue:q", null));

    assertThat(Json.read(Json.write(done), AccessDecision.class)).isEqualTo(done);
  }

  @Test
  void aSecretIsReplacedInNameAndValue() {
    ObjectNode value =
        Json.mapper().createObjectNode().put("note", SECRET).put("password", "hunter2");

    AccessDecision done =
        SafeChanges.done(BEGUN, 2_000, new Change("limit", "key:" + SECRET, value));

    assertThat(done.change().toString()).doesNotContain(SECRET, "hunter2").contains("[REDACTED:");
  }
}
