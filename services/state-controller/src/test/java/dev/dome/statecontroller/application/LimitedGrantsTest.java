package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The lane writer holds its grants to the limits of the namespace, on every store. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class LimitedGrantsTest extends WriterContract {
  LimitedGrantsTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  private TaskLimit limit(String name, Integer slots, Rate rate) {
    return new TaskLimit(namespace, new LimitName(name), slots, rate);
  }

  /** The next sweep reads limits that changed. */
  private void limit(TaskLimit... limits) {
    subject.limit(List.of(limits));
    now += LaneWriter.Pace.DEFAULT.sweepEveryMs();
    drive();
  }

  private void submitAll(int runs, Consumer<ObjectNode> task) {
    for (int i = 0; i < runs; i++) {
      RunId runId = new RunId("run-" + i);
      JsonNode document = Messages.chain(runId, 1);
      task.accept((ObjectNode) document.at("/tasks/0"));
      deliver(
          Messages.submit(operation(), namespace, runId, document), Lane.of(namespace, runId, 16));
    }
    drive();
  }

  @Test
  void aQueueGrantsAsManyAsItsLimitAndTheNextOnTheCommitThatFreesASlot() {
    limit(limit("queue:default", 2, null));
    submitAll(6, task -> {});
    List<Claim.GrantedTask> first = claim("a", 10);
    assertThat(first).hasSize(2);
    assertThat(claim("b", 10)).as("nothing is free").isNull();

    pass(first.getFirst());

    assertThat(answered("b")).as("without a sweep between").hasSize(1);
    assertThat(said.freed).as("what was given back was taken again").isEmpty();
  }

  @Test
  void aKeyHasOneSlotUnlessItsLimitSaysMore() {
    limit(limit("key:disk", 3, null));
    submitAll(5, task -> task.put("concurrency_key", "database"));
    assertThat(claim("a", 10)).hasSize(1);

    for (int i = 5; i < 10; i++) {
      RunId runId = new RunId("run-" + i);
      JsonNode document = Messages.chain(runId, 1);
      ((ObjectNode) document.at("/tasks/0")).put("concurrency_key", "disk");
      deliver(
          Messages.submit(operation(), namespace, runId, document), Lane.of(namespace, runId, 16));
    }
    drive();
    assertThat(claim("b", 10)).hasSize(3);
  }

  @Test
  void aLimitThatIsRaisedLetsHeldTasksGo() {
    submitAll(4, task -> task.put("concurrency_key", "database"));
    assertThat(claim("a", 10)).hasSize(1);
    assertThat(claim("b", 10)).isNull();

    limit(limit("key:database", 3, null));

    assertThat(answered("b")).hasSize(2);
  }

  @Test
  void aRateGrantsItsBurstAndHoldsTheRestBack() {
    limit(limit("rate:api", null, new Rate(1, 3_600, 2)));
    submitAll(4, task -> task.putArray("rate_limits").add("api"));

    assertThat(claim("a", 10)).hasSize(2);
    assertThat(claim("b", 10)).isNull();
    now += LaneWriter.Pace.DEFAULT.sweepEveryMs();
    drive();
    assertThat(answered("b")).isNull();
  }

  @Test
  void aNamedRateWithoutALimitHoldsNothing() {
    submitAll(3, task -> task.putArray("rate_limits").add("api"));

    assertThat(claim("a", 10)).hasSize(3);
  }

  @Test
  void slotsThatNobodyHereTakesAreToldToTheOthersAndTheirWordIsHeeded() {
    submitAll(2, task -> task.put("concurrency_key", "database"));
    List<Claim.GrantedTask> first = claim("a", 1);
    assertThat(claim("b", 1)).isNull();
    pass(first.getFirst());
    assertThat(said.freed).as("a task here took the slot").isEmpty();

    pass(answered("b").getFirst());

    assertThat(said.freed).extracting(FreedHint::slots).containsExactly(Map.of("key:database", 1));
  }

  @Test
  void moreKeysThanAreLookedAtTogetherAreGrantedInTheBatchesThatFollowAtOnce() {
    limit(limit("queue:default", 1_000, null));
    submitAll(150, task -> task.put("concurrency_key", task.get("task_id").asText()));

    assertThat(claim("a", 60)).hasSize(60);
    assertThat(claim("b", 90)).hasSize(90);
  }
}
