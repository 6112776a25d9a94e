package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A claim id is granted once, however often and by whatever way it is asked at the same time. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class OneClaimTest extends WriterContract {
  private static final QueueName OTHER_QUEUE = new QueueName("other");

  OneClaimTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  private Claim.Request request(QueueName queue) {
    Claim.Request usual = Messages.claim(namespace, "one-" + namespace, 1, now + 600_000);
    return new Claim.Request(
        namespace,
        queue,
        usual.claimId(),
        usual.workerId(),
        usual.deploymentVersion(),
        usual.labels(),
        usual.maxTasks(),
        usual.expiresAtMs(),
        usual.actor(),
        usual.traceparent());
  }

  private Claim.Request request() {
    return request(new QueueName("default"));
  }

  private void ask(Claim.Request request, String replyTo) {
    waiting(new Command.ClaimAsked(request, replyTo));
  }

  /** Reports success and asks for more under the claim; returns the operation. */
  private String report(Claim.GrantedTask task, Claim.Request next) {
    String operation = operation();
    InboxMessage message =
        Messages.report(operation, namespace, task, Messages.pass(task.taskId()), next);
    deliver(message, task.attemptId().lane());
    return operation;
  }

  private List<Claim.GrantedTask> grantedBy(String operation) {
    List<Claim.GrantedTask> tasks = new ArrayList<>();
    for (JsonNode task : said.outcomes.get(operation).body().path("tasks")) {
      tasks.add(Json.read(task, Claim.GrantedTask.class));
    }
    return tasks;
  }

  private void submitToOtherQueue(RunId runId) {
    JsonNode document = Messages.chain(runId, 1);
    ((ObjectNode) document.get("tasks").get(0)).put("queue", OTHER_QUEUE.value());
    deliver(
        Messages.submit(operation(), namespace, runId, document), Lane.of(namespace, runId, 16));
  }

  /** How many tasks a claim of its own still finds. */
  private int left() {
    List<Claim.GrantedTask> tasks = claim("left", 100);
    return tasks == null ? 0 : tasks.size();
  }

  @Test
  void twoReportsThatAskByOneClaimGetTheSameTask() {
    submitAll(4);
    List<Claim.GrantedTask> held = claim("held", 2);

    String first = report(held.get(0), request());
    String second = report(held.get(1), request());
    drive();

    assertThat(grantedBy(first)).hasSize(1);
    assertThat(grantedBy(second)).isEqualTo(grantedBy(first));
    assertThat(left()).isOne();
    assertThat(said.failures).isEmpty();
  }

  @Test
  void aReportAndAClaimThatAskTogetherGetTheSameTask() {
    submitAll(3);
    List<Claim.GrantedTask> held = claim("held", 1);

    ask(request(), "asker");
    String operation = report(held.getFirst(), request());
    drive();

    assertThat(grantedBy(operation)).hasSize(1);
    assertThat(said.claims.get("asker")).isEqualTo(grantedBy(operation));
    assertThat(left()).isOne();
  }

  @Test
  void aClaimThatWaitsIsAnsweredByTheReportThatIsGrantedItsTask() {
    submitAll(1);
    List<Claim.GrantedTask> held = claim("held", 1);
    ask(request(), "asker");
    drive();
    assertThat(said.claims).doesNotContainKey("asker");

    submit(new RunId("next"));
    String operation = report(held.getFirst(), request());
    drive();

    assertThat(grantedBy(operation)).hasSize(1);
    assertThat(said.claims.get("asker")).isEqualTo(grantedBy(operation));
    submit(new RunId("later"));
    drive();
    assertThat(left()).isOne();
    assertThat(said.failures).isEmpty();
  }

  @Test
  void ofTwoAskersTheLaterIsAnsweredAndTheOtherGetsTheSameTaskWhenItAsksAgain() {
    ask(request(), "first");
    ask(request(), "second");
    submitAll(2);

    assertThat(said.claims.get("second")).hasSize(1);
    assertThat(said.claims).doesNotContainKey("first");
    ask(request(), "first");
    drive();
    assertThat(said.claims.get("first")).isEqualTo(said.claims.get("second"));
    assertThat(left()).isOne();
  }

  @Test
  void oneClaimOnTwoQueuesIsGrantedOnTheOneItNamedLast() {
    ask(request(), "first");
    ask(request(OTHER_QUEUE), "second");
    submit(new RunId("run-0"));
    submitToOtherQueue(new RunId("run-1"));
    drive();

    assertThat(said.claims.get("second")).hasSize(1);
    ask(request(), "first");
    drive();
    assertThat(said.claims.get("first")).isEqualTo(said.claims.get("second"));
    assertThat(left()).isOne();
  }

  @Test
  void aReportsClaimOnAnotherQueueAnswersTheClaimThatWaits() {
    submitAll(1);
    List<Claim.GrantedTask> held = claim("held", 1);
    ask(request(), "asker");
    drive();

    submitToOtherQueue(new RunId("next"));
    String operation = report(held.getFirst(), request(OTHER_QUEUE));
    drive();

    assertThat(grantedBy(operation)).hasSize(1);
    assertThat(said.claims.get("asker")).isEqualTo(grantedBy(operation));
  }
}
