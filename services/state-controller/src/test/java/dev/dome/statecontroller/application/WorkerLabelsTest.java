package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A task that requires labels is granted only to a worker that offers all of them. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class WorkerLabelsTest extends WriterContract {
  private static final Map<String, String> GPU = Map.of("gpu", "a100");
  private static final Map<String, String> GPU_AND_ZONE = Map.of("gpu", "a100", "zone", "b");

  WorkerLabelsTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  private void submit(String runId, int priority, Map<String, String> requires) {
    JsonNode document = Messages.chain(new RunId(runId), 1);
    ObjectNode task = (ObjectNode) document.get("tasks").get(0);
    task.put("priority", priority);
    task.set("requires", Json.tree(requires));
    deliver(
        Messages.submit(operation(), namespace, new RunId(runId), document),
        Lane.of(namespace, new RunId(runId), 16));
    drive();
  }

  /** The run whose task the claim got, or "" when it waits. */
  private String granted(String claimId, Map<String, String> labels) {
    String id = claimId + "-" + namespace;
    Claim.Request claim = Messages.claim(namespace, id, 1, now + 600_000);
    waiting(new Command.ClaimAsked(Messages.offering(claim, labels), id));
    drive();
    return run(claimId);
  }

  private String run(String claimId) {
    List<Claim.GrantedTask> tasks = answered(claimId);
    return tasks == null ? "" : tasks.getFirst().runId().value();
  }

  @Test
  void whatNobodyMatchesBlocksNothingBehindIt() {
    submit("run-gpu", 9, GPU);
    submit("run-any", 0, Map.of());

    assertThat(granted("plain", Map.of())).isEqualTo("run-any");
    assertThat(granted("other", Map.of("gpu", "h100"))).isEmpty();
    assertThat(granted("gpu", GPU_AND_ZONE)).isEqualTo("run-gpu");
  }

  @Test
  void aWorkerWithMoreLabelsTakesWhatIsFirstInOrderOfAllItMayHave() {
    submit("run-any", 3, Map.of());
    submit("run-gpu", 5, GPU);
    submit("run-both", 7, GPU_AND_ZONE);

    assertThat(granted("one", GPU_AND_ZONE)).isEqualTo("run-both");
    assertThat(granted("two", GPU)).isEqualTo("run-gpu");
    assertThat(granted("three", GPU)).isEqualTo("run-any");
  }

  @Test
  void theFirstThatMatchesIsAnsweredByTheCommitThatMakesTheTaskReady() {
    assertThat(granted("plain", Map.of())).isEmpty();
    assertThat(granted("gpu", GPU)).isEmpty();
    submit("run-gpu", 0, GPU);

    assertThat(run("plain")).isEmpty();
    assertThat(run("gpu")).isEqualTo("run-gpu");
  }

  @Test
  void whoReadsTheLanesAgainKnowsWhatIsRequired() {
    submit("run-gpu", 0, GPU);
    own();

    assertThat(granted("plain", Map.of())).isEmpty();
    assertThat(granted("gpu", GPU)).isEqualTo("run-gpu");
  }

  @Test
  void aHintSaysWhatItsTasksRequireAndMovesOnlyWhoOffersIt() {
    submit("run-gpu", 4, GPU);
    now += 10_000;
    granted("poke", Map.of());
    assertThat(said.hints)
        .filteredOn(hint -> hint.namespace().equals(namespace))
        .last()
        .satisfies(hint -> {
          assertThat(hint.requires()).isEqualTo(GPU);
          assertThat(hint.ready()).isEqualTo(1);
          assertThat(hint.top().priority()).isEqualTo(4);
        });
    granted("match", Map.of("disk", "ssd", "net", "fast"));
    ReadyHint elsewhere =
        new ReadyHint(
            "other",
            namespace,
            new QueueName("default"),
            5,
            Map.of("disk", "ssd"),
            new ReadyHint.Top(0, 1, 5));
    waiting(new Command.HintSeen(elsewhere));
    drive();

    assertThat(said.forwarded).containsExactly("other:match-" + namespace);
  }
}
