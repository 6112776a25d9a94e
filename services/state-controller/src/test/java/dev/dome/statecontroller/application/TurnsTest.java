package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static List<String> all(Turns<String, String> turns) {
    List<String> taken = new ArrayList<>();
    for (Optional<String> next = turns.next(); next.isPresent(); next = turns.next()) {
      taken.add(next.get());
    }
    return taken;
  }

  private static Turns<String, String> turns(String last) {
    Turns<String, String> turns = new Turns<>(last);
    List.of("a1", "a2", "a3", "b1", "c1", "c2")
        .forEach(item -> turns.add(item.substring(0, 1), item));
    return turns;
  }

  @Test
  void everyOwnerHasItsTurnAndKeepsItsOrder() {
    assertThat(all(turns(null))).containsExactly("a1", "b1", "c1", "a2", "c2", "a3");
  }

  @Test
  void theyGoOnBehindWhoWasLast() {
    assertThat(all(turns("a"))).startsWith("b1", "c1", "a1");
    assertThat(all(turns("c"))).startsWith("a1");
    assertThat(all(turns("bb"))).startsWith("c1");
  }
}
