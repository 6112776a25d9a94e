package dev.dome.contracts.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Lanes and derived ids are stored: these values, computed by another implementation, are frozen.
 */
class GoldenIdsTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("default");
  private static final RunId RUN = new RunId("pkt-dome-demo-0001");
  private static final RunUid UID =
      RunUid.derive(NAMESPACE, RUN, "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b");

  @Test
  void lanesAreFrozen() {
    lane("default", "pkt-dome-demo-0001", 16, 8);
    lane("default", "pkt-dome-demo-0001", 1024, 952);
    lane("default", "abc", 16, 6);
    lane("default", "abc", 1024, 694);
    lane("team-a", "abc", 16, 6);
    lane("team-a", "abc", 1024, 982);
    lane("a", "bcd", 16, 11);
    lane("a", "bcd", 1024, 187);
    lane("ab", "cde", 16, 12);
    lane("ab", "cde", 1024, 12);
  }

  @Test
  void derivedIdsAreFrozen() {
    Lane lane = Lane.of(NAMESPACE, RUN, Lane.DEFAULT_COUNT);

    assertThat(UID.value()).isEqualTo("a5662b96837dc212f80456f14c3c8ded");
    assertThat(UID.eventId(7)).isEqualTo("evt-79c4340bff6b494c6e405b4b255ae0bb");
    assertThat(UID.spanId(7)).isEqualTo("8619885405c036a2");
    assertThat(AttemptId.derive(lane, UID, 7).value())
        .isEqualTo("att-0008-d4d7ad694dea79e0a77c829cac9bc200");
  }

  @Property(tries = 200)
  void anAttemptNamesItsLane(@ForAll @IntRange(max = 0xffff) int lane) {
    assertThat(AttemptId.derive(new Lane(lane), UID, 1).lane()).isEqualTo(new Lane(lane));
  }

  @Property(tries = 200)
  void aLaneIsOneOfThoseThereAre(@ForAll @IntRange(min = 1, max = 1024) int count) {
    assertThat(Lane.of(NAMESPACE, RUN, count).number()).isBetween(0, count - 1);
  }

  @Test
  void everyTypeRefusesWhatDoesNotMatchItsPattern() {
    refused(NamespaceId::new, "", "A", "-a", "a_b", "a".repeat(64));
    refused(RunId::new, "ab", "Abc", "a b", ".abc", "a".repeat(129), "abc\n");
    refused(TaskId::new, "", " a", "-a", "a/b", "a".repeat(200));
    refused(QueueName::new, "", "A", "a*", "a>b", "a".repeat(65));
    refused(AttemptId::new, "att-0000-", "att-zzzz-" + "0".repeat(32));
    refused(RunUid::new, "", "0".repeat(31), "G".repeat(32));
    refused(ReasonCode::new, "A", "A.", ".A", "a.B", "A.B\n", "A B.C");
  }

  private static void lane(String namespace, String runId, int count, int expected) {
    assertThat(Lane.of(new NamespaceId(namespace), new RunId(runId), count))
        .isEqualTo(new Lane(expected));
  }

  private static void refused(Function<String, ?> type, String... values) {
    for (String value : values) {
      assertThatThrownBy(() -> type.apply(value))
          .as(value)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> type.apply(null)).isInstanceOf(NullPointerException.class);
  }
}
