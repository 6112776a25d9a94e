package dev.dome.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.AccessDecision;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnonymousDenialsTest {
  private static final ReasonCode NO_TOKEN = new ReasonCode("AUTH.NO_TOKEN");
  private static final ReasonCode BAD_TOKEN = new ReasonCode("AUTH.BAD_TOKEN");
  private static final NamespaceId OURS = new NamespaceId("ours");

  private final AnonymousDenials denials = new AnonymousDenials(Duration.ofMinutes(1));

  @Test
  void a_minute_of_one_source_is_one_decision_with_its_count() {
    for (int i = 0; i < 1_000; i++) {
      denials.add(60_000 + i, "10.0.0.1", OURS, NO_TOKEN);
    }

    assertThat(denials.before(119_999)).isEmpty();
    List<AccessDecision> taken = denials.before(120_000);

    assertThat(taken).hasSize(1);
    AccessDecision decision = taken.getFirst();
    assertThat(decision.count()).isEqualTo(1_000);
    assertThat(decision.atMs()).isEqualTo(60_000);
    assertThat(decision.source()).isEqualTo("10.0.0.1");
    assertThat(decision.subject()).isNull();
    assertThat(denials.all()).isEmpty();
  }

  @Test
  void sources_namespaces_reasons_and_minutes_are_told_apart() {
    denials.add(0, "10.0.0.1", OURS, NO_TOKEN);
    denials.add(1, "10.0.0.2", OURS, NO_TOKEN);
    denials.add(2, "10.0.0.1", null, NO_TOKEN);
    denials.add(3, "10.0.0.1", OURS, BAD_TOKEN);
    denials.add(60_000, "10.0.0.1", OURS, NO_TOKEN);

    assertThat(denials.all()).hasSize(5).allMatch(decision -> decision.count() == 1);
  }

  @Test
  void many_sources_take_bounded_room_and_none_is_left_uncounted() {
    int strangers = 3 * AnonymousDenials.MAX_KEYS;
    for (int i = 0; i < strangers; i++) {
      denials.add(i, "10.0." + i / 256 + "." + i % 256, OURS, NO_TOKEN);
    }

    List<AccessDecision> taken = denials.all();

    assertThat(taken).hasSize(AnonymousDenials.MAX_KEYS + 1);
    assertThat(taken.stream().mapToLong(AccessDecision::count).sum()).isEqualTo(strangers);
    assertThat(taken.getLast().source()).isNull();
  }
}
