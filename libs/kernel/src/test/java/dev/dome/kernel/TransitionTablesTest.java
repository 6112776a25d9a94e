package dev.dome.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The tables in code and the tables in ssot are the same tables. */
class TransitionTablesTest {
  private final JsonNode ssot = read();

  @Test
  void taskMovesEqualThoseOfSsot() {
    assertThat(TaskTransitions.TABLE.stream().map(m -> move(m.from(), m.signal(), m.to())).toList())
        .isEqualTo(moves(ssot.get("task")));
  }

  @Test
  void runMovesEqualThoseOfSsot() {
    assertThat(RunTransitions.TABLE.stream().map(m -> move(m.from(), m.signal(), m.to())).toList())
        .isEqualTo(moves(ssot.get("run")));
  }

  @Test
  void statesAndSignalsEqualThoseOfSsot() {
    assertThat(names(TaskStatus.values())).isEqualTo(texts(ssot.at("/task/states")));
    assertThat(names(RunStatus.values())).isEqualTo(texts(ssot.at("/run/states")));
    assertThat(lower(TaskSignal.values())).isEqualTo(texts(ssot.at("/task/signals")));
    assertThat(lower(RunSignal.values())).isEqualTo(texts(ssot.at("/run/signals")));
  }

  @Test
  void finalStatesEqualThoseOfSsotAndHaveNoMove() {
    assertThat(
            Arrays.stream(RunStatus.values()).filter(RunStatus::isFinal).map(Enum::name).toList())
        .isEqualTo(texts(ssot.at("/run/final")));
    for (RunStatus status : RunStatus.values()) {
      boolean stuck =
          Arrays.stream(RunSignal.values())
              .allMatch(signal -> RunTransitions.next(status, signal).isEmpty());
      assertThat(stuck).as("%s has no move", status).isEqualTo(status.isFinal());
    }
    for (TaskStatus status : TaskStatus.values()) {
      boolean stuck =
          Arrays.stream(TaskSignal.values())
              .allMatch(signal -> TaskTransitions.next(status, signal).isEmpty());
      assertThat(stuck)
          .as("%s has no move", status)
          .isEqualTo(texts(ssot.at("/task/final")).contains(status.name()));
    }
  }

  private static String move(Enum<?> from, Enum<?> signal, Enum<?> to) {
    return from + " -" + signal.name().toLowerCase(Locale.ROOT) + "-> " + to;
  }

  private static List<String> moves(JsonNode machine) {
    return StreamSupport.stream(machine.get("transitions").spliterator(), false)
        .map(t ->
            t.get("from").asText() + " -" + t.get("signal").asText() + "-> " + t.get("to").asText())
        .toList();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static List<String> names(Enum<?>... values) {
    return Arrays.stream(values).map(Enum::name).toList();
  }

  private static List<String> lower(Enum<?>... values) {
    return Arrays.stream(values).map(v -> v.name().toLowerCase(Locale.ROOT)).toList();
  }

  private static JsonNode read() {
    Path file = Path.of(System.getProperty("dome.root"), "ssot/policy/state.transitions.json");
    try {
      return Json.mapper().readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalStateException("the table is a part of the repository", e);
    }
  }
}
