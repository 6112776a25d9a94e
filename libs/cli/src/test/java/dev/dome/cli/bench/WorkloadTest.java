package dev.dome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

final class WorkloadTest {
  @Test
  void aChainHasThreeTasksOneAfterTheOther() {
    ObjectNode document = new Workload.Chain().document("run-1", "queue-1");

    assertThat(ids(document.path("tasks"))).containsExactly("step-1", "step-2", "step-3");
    assertThat(dependencies(document, 0)).isEmpty();
    assertThat(dependencies(document, 1)).containsExactly("step-1");
    assertThat(dependencies(document, 2)).containsExactly("step-2");
    assertThat(document.path("max_workers").asInt()).isEqualTo(1);
  }

  @Test
  void aFanOutJoinsEveryPartAndMayWorkAllOfThemAtOnce() {
    ObjectNode document = new Workload.FanOut(3).document("run-1", "queue-1");

    assertThat(ids(document.path("tasks")))
        .containsExactly("split", "part-0", "part-1", "part-2", "join");
    assertThat(dependencies(document, 2)).containsExactly("split");
    assertThat(dependencies(document, 4)).containsExactly("part-0", "part-1", "part-2");
    assertThat(document.path("max_workers").asInt()).isEqualTo(3);
  }

  @Test
  void everyTaskIsInTheQueueOfTheMeasurement() {
    for (Workload workload :
        List.of(new Workload.Chain(), new Workload.RetriedChain(), new Workload.FanOut(2))) {
      assertThat(workload.document("run-1", "queue-1").path("tasks"))
          .as(workload.label())
          .allSatisfy(task -> assertThat(task.path("queue").asText()).isEqualTo("queue-1"));
    }
  }

  private static List<String> ids(JsonNode tasks) {
    return StreamSupport.stream(tasks.spliterator(), false)
        .map(task -> task.path("task_id").asText())
        .toList();
  }

  private static List<String> dependencies(ObjectNode document, int task) {
    return StreamSupport.stream(
            document.path("tasks").path(task).path("dependencies").spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }
}
