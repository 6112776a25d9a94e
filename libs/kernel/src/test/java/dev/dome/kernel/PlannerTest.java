package dev.dome.kernel;

import static dev.dome.kernel.Documents.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.LimitName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {

  @Test
  void aPreContractWithATestBecomesThreeTasksInARow() {
    List<PlannedTask> tasks = planOf(Documents.preContract("pay-1"));
    assertThat(tasks)
        .extracting(t -> t.taskId().value())
        .containsExactly("pay-1-plan", "pay-1-implement", "pay-1-verify");
    assertThat(tasks.get(0).goal()).isEqualTo("Plan execution scope: Payments time out");
    assertThat(tasks.get(1).goal()).isEqualTo("Add a retry");
    assertThat(tasks.get(1).dependencies()).containsExactly(tasks.get(0).taskId());
    assertThat(tasks.get(2).dependencies()).containsExactly(tasks.get(1).taskId());
    assertThat(tasks.get(2).command()).containsExactly("make", "check");
    assertThat(tasks).extracting(PlannedTask::verify).containsExactly(false, false, true);
    assertThat(tasks).extracting(PlannedTask::payloadDigest).doesNotHaveDuplicates();
  }

  @Test
  void thePlanCarriesWhatItsCommandsMayChange() {
    ObjectNode document = Documents.preContract("pay-1");
    document.putObject("constraints").putArray("allowed_paths").add("src");

    RunScript run = submit(document);

    assertThat(run.state().constraints()).isEqualTo(document.get("constraints"));
    assertThat(run.rows().get(1).envelope().payload().get("constraints"))
        .isEqualTo(document.get("constraints"));
  }

  @Test
  void aRowFromBeforeConstraintsWereRecordedStillMakesThePlanItMade() {
    ObjectNode document = Documents.preContract("pay-1");
    document.putObject("constraints").putArray("allowed_paths").add("src");
    RunScript recorded = submit(document);
    ObjectNode row = Json.tree(recorded.rows().getFirst().envelope()).deepCopy();
    row.withObject("/payload/input").remove("constraints");
    RecordedInput before = RecordedInput.read(Json.read(row, EventEnvelope.class));

    Step step = Kernel.step(null, before.input(), before.context());

    assertThat(step.state().constraints()).isNull();
    assertThat(step.entries().get(1).envelope().payload().has("constraints")).isFalse();
    assertThat(step.entries().getFirst().envelope().payload()).isEqualTo(row.get("payload"));
  }

  @Test
  void constraintsThatWouldWeighOnEveryGrantAreRefused() {
    ObjectNode document = Documents.preContract("pay-1");
    ArrayNode paths = document.putObject("constraints").putArray("forbidden_paths");
    for (int i = 0; i < 1_000; i++) {
      paths.add("p".repeat(100) + i);
    }

    assertThat(errorsOf(document)).containsExactly("/constraints REQUEST.LIMIT_EXCEEDED");
  }

  @Test
  void withoutATestThereIsNothingToVerify() {
    ObjectNode document = Documents.preContract("pay-1");
    document.putObject("actions");
    assertThat(planOf(document)).hasSize(2);
  }

  @Test
  void aTestGivenAsOneTextIsSplitIntoWordsWithoutExpansion() {
    ObjectNode document = Documents.preContract("pay-1");
    document.withObject("/actions").put("test", "mvn -q 'a b' \"$HOME\" *.java");
    assertThat(planOf(document).get(2).command())
        .containsExactly("mvn", "-q", "a b", "$HOME", "*.java");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a | b", "a && b", "a; b", "a > f", "a $(b)", "a `b`", "a 'b", "a\nb"})
  void aTestThatNeedsAShellIsRefused(String test) {
    ObjectNode document = Documents.preContract("pay-1");
    document.withObject("/actions").put("test", test);
    assertThat(errorsOf(document)).containsExactly("/actions/test PLAN.SHELL_OPERATOR");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"  \"", "[]", "[\"\"]", "[\"a\\u0000b\"]", "\"''\""})
  void aTestWithoutAProgramIsRefused(String test) {
    ObjectNode document = Documents.preContract("pay-1");
    document.withObject("/actions").set("test", Documents.parse(test));
    assertThat(errorsOf(document)).containsExactly("/actions/test PLAN.BAD_COMMAND");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "5,5", "0,1", "3.0,3"})
  void theIterationBudgetIsTheNumberOfWorkers(String budget, int maxWorkers) {
    ObjectNode document = Documents.preContract("pay-1");
    document.withObject("/budgets").set("iteration_budget", Documents.parse(budget));
    assertThat(submit(document).state().maxWorkers()).isEqualTo(maxWorkers);
  }

  @Test
  void withoutBudgetsThereAreTwoWorkersAndNoDeadline() {
    ObjectNode document = Documents.preContract("pay-1");
    document.putObject("budgets");
    assertThat(submit(document).state().maxWorkers()).isEqualTo(2);
    assertThat(submit(document).state().deadlineAtMs()).isNull();
  }

  @Test
  void aV03PreContractBringsItsOwnTasks() {
    ObjectNode document = Documents.preContract("pay-1");
    document.put("schema_version", "xtrl.pre_contract/v0.3");
    document.set(
        "tasks",
        Documents.parse(
            """
            [{"task_id": "build", "goal": "Build", "status": "QUEUED", "queue": "gpu",
              "priority": 7, "timeout_seconds": 60, "heartbeat_timeout_seconds": 5,
              "concurrency_key": "repo:a",
              "breaker_keys": ["host:x", "host:x"], "rate_limits": ["api", "api"],
              "command": "make build",
              "task_spec": {"intent": "build"}},
             {"task_id": "t-verify", "goal": "Check", "status": "QUEUED",
              "dependencies": ["build", "build"], "command": ["make", "check"]}]
            """));
    RunScript run = submit(document);
    PlannedTask build = run.state().tasks().getFirst().plan();
    assertThat(run.state().contractVersion()).isEqualTo(ContractVersion.V0_3);
    assertThat(build.queue().value()).isEqualTo("gpu");
    assertThat(build.priority()).isEqualTo(7);
    assertThat(build.timeoutSeconds()).isEqualTo(60);
    assertThat(build.heartbeatTimeoutSeconds()).isEqualTo(5);
    assertThat(run.state().leaseTermMs(build)).isEqualTo(5_000);
    assertThat(build.breakerKeys()).containsExactly("host:x");
    assertThat(build.rateLimits()).containsExactly("api");
    assertThat(build.limits())
        .extracting(LimitName::value)
        .containsExactly("key:repo:a", "queue:gpu", "rate:api");
    assertThat(build.command()).containsExactly("make", "build");
    assertThat(build.verify()).isFalse();
    PlannedTask verify = run.state().tasks().getLast().plan();
    assertThat(verify.verify()).isTrue();
    assertThat(verify.dependencies()).hasSize(1);
    assertThat(verify.rateLimits()).as("what is not there is not stored").isNull();
  }

  @Test
  void aTaskRequiresTheLabelsItNamesAndWithoutAnyItsPlanIsAsBefore() {
    String with =
        "[{\"task_id\": \"t\", \"goal\": \"g\", \"requires\": {\"zone\": \"b\", \"gpu\": \"a\"}}]";
    String without = "[{\"task_id\": \"t\", \"goal\": \"g\"}]";
    String none = "[{\"task_id\": \"t\", \"goal\": \"g\", \"requires\": {}}]";

    assertThat(taskOf(with).requires()).isEqualTo(Map.of("gpu", "a", "zone", "b"));
    assertThat(taskOf(none)).isEqualTo(taskOf(without));
    assertThat(Json.tree(taskOf(without)).has("requires")).isFalse();
    assertThat(taskOf(with).payloadDigest()).isNotEqualTo(taskOf(without).payloadDigest());
  }

  private static PlannedTask taskOf(String tasks) {
    ObjectNode document = Documents.preContract("pay-1");
    document.put("schema_version", "xtrl.pre_contract/v0.3");
    document.set("tasks", Documents.parse(tasks));
    return planOf(document).getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a b\": \"c\"}",
        "{\"a\": \"\"}",
        "{\"a\": 1}",
        "[\"a\"]",
        "{\"1\":\"x\",\"2\":\"x\",\"3\":\"x\",\"4\":\"x\",\"5\":\"x\",\"6\":\"x\",\"7\":\"x\",\"8\":\"x\",\"9\":\"x\"}"
      })
  void labelsThatAreNoneAreRefusedAtTheirPlace(String requires) {
    ObjectNode document = Documents.preContract("pay-1");
    document.put("schema_version", "xtrl.pre_contract/v0.3");
    document.set(
        "tasks",
        Documents.parse("[{\"task_id\": \"t\", \"goal\": \"g\", \"requires\": " + requires + "}]"));

    assertThat(errorsOf(document)).singleElement().asString().startsWith("/tasks/0/requires");
  }

  @Test
  void theLongestRunIdStillHasTasks() {
    String id = "p".repeat(128);
    assertThat(planOf(Documents.preContract(id))).hasSize(3);
  }

  @Test
  void everyBadTaskIsReportedAtItsPlace() {
    ObjectNode queue = Documents.workQueue("queue-run", 1, task("a"), task("b"), task("c"));
    ((ObjectNode) queue.at("/tasks/0")).put("task_id", "");
    ((ObjectNode) queue.at("/tasks/1")).put("task_id", "-b");
    ((ObjectNode) queue.at("/tasks/2")).put("priority", 10).put("queue", "NO").remove("goal");
    assertThat(errorsOf(queue))
        .containsExactlyInAnyOrder(
            "/tasks/0/task_id PLAN.EMPTY_TASK_ID",
            "/tasks/1/task_id PLAN.BAD_TASK_ID",
            "/tasks/2/priority SCHEMA.RANGE",
            "/tasks/2/queue SCHEMA.PATTERN",
            "/tasks/2/goal SCHEMA.REQUIRED");
  }

  @Test
  void duplicateIdsAndUnknownDependenciesAreReportedTogether() {
    ObjectNode queue =
        Documents.workQueue("queue-run", 1, task("a"), task("b", "zz"), task("a", "b"));
    assertThat(errorsOf(queue))
        .containsExactly(
            "/tasks/2/task_id PLAN.DUPLICATE_TASK_ID",
            "/tasks/1/dependencies PLAN.UNKNOWN_DEPENDENCY");
  }

  @Test
  void aCycleIsReportedWithItsTasksAndNotWithThoseBehindIt() {
    ObjectNode queue =
        Documents.workQueue(
            "queue-run", 1, task("x", "c"), task("a", "c"), task("b", "a"), task("c", "b"));
    List<FieldError> errors = fieldErrorsOf(queue);
    assertThat(errors).hasSize(1);
    assertThat(errors.getFirst().reasonCode()).isEqualTo(KernelReasonCodes.PLAN_CYCLE);
    assertThat(errors.getFirst().pointer()).isEqualTo("/tasks/3/dependencies");
    assertThat(errors.getFirst().detail()).contains("c → b → a → c").doesNotContain("x →");
  }

  @Test
  void aTaskThatDependsOnItselfIsACycle() {
    assertThat(errorsOf(Documents.workQueue("queue-run", 1, task("a", "a"))))
        .containsExactly("/tasks/0/dependencies PLAN.CYCLE");
  }

  @Test
  void aPlanHasAtLeastOneAndAtMostTenThousandTasks() {
    ObjectNode queue = Documents.workQueue("queue-run", 1);
    assertThat(errorsOf(queue)).containsExactly("/tasks PLAN.NO_TASKS");
    ArrayNode tasks = queue.withArray("tasks");
    for (int i = 0; i <= Planner.MAX_TASKS; i++) {
      tasks.addObject().put("task_id", "t" + i).put("goal", "g").put("status", "QUEUED");
    }
    assertThat(errorsOf(queue)).containsExactly("/tasks REQUEST.LIMIT_EXCEEDED");
    tasks.remove(0);
    assertThat(submit(queue).state().tasks()).hasSize(Planner.MAX_TASKS);
  }

  @Test
  void theDocumentMustBeTheRunsOwn() {
    ObjectNode document = Documents.preContract("pay-1");
    RunScript other = submit(Documents.preContract("pay-2"));
    JsonNode input = other.rows().getFirst().envelope().payload().get("input").deepCopy();
    ((ObjectNode) input).set("document", document);
    Input submission = Json.read(input, Input.SubmitRun.class);
    RecordedInput recorded = RecordedInput.read(other.rows().getFirst().envelope());
    Decision decision = Kernel.decide(null, submission, recorded.context());
    assertThat(((Decision.Rejected) decision).rejection().reasonCode())
        .isEqualTo(KernelReasonCodes.PLAN_BAD_RUN_ID);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                                          | /task_spec PLAN.TASK_SPEC",
        "{}                                          | /task_spec/intent PLAN.TASK_SPEC",
        "{\"intent\": \" \"}                         | /task_spec/intent PLAN.TASK_SPEC",
        "{\"intent\": \"x\", \"how\": 1}             | /task_spec/how PLAN.TASK_SPEC",
        "{\"intent\": \"x\", \"exec\": 1}            | /task_spec/exec PLAN.FORBIDDEN_KEY",
        "{\"intent\": \"x\", \"inputs\": [{\"script\": 1}]} "
            + "| /task_spec/inputs/0/script PLAN.FORBIDDEN_KEY",
        "{\"intent\": \"x\", \"metadata\": {\"a/b\": {\"raw_call\": 1}}} "
            + "| /task_spec/metadata/a~1b/raw_call PLAN.FORBIDDEN_KEY",
        "{\"intent\": \"x\", \"inputs\": {\"requested_method\": \"m\"}} "
            + "| /task_spec/inputs/requested_method PLAN.METHOD_NOT_ALLOWED",
      })
  void aTaskSpecThatPrescribesAMethodIsRefused(String spec, String error) {
    ObjectNode document = Documents.preContract("pay-1");
    document.set("task_spec", Documents.parse(spec));
    assertThat(errorsOf(document)).containsExactly(error);
  }

  @Test
  void aRequestedMethodMayBeOneThatTheToolContractAllows() {
    ObjectNode document = Documents.preContract("pay-1");
    JsonNode spec =
        Documents.parse(
            """
            {"intent": "x", "inputs": {"requested_method": "apply_patch"},
             "constraints": {"tool_contract": {"allowed_methods": ["apply_patch"]}}}
            """);
    document.set("task_spec", spec);
    assertThat(planOf(document).get(1).taskSpec()).isEqualTo(spec);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "[]", "\"x\"", "{}", "{\"packet_id\": 7, \"tasks\": {}}"})
  void anyJsonAtAllIsAnsweredAndNeverThrows(String json) {
    RunScript run = new RunScript();
    Input.SubmitRun template =
        (Input.SubmitRun)
            RecordedInput.read(submit(Documents.preContract("pay-1")).rows().getFirst().envelope())
                .input();
    for (Input.SourceKind kind : Input.SourceKind.values()) {
      Input input =
          new Input.SubmitRun(
              template.runUid(),
              template.namespace(),
              template.runId(),
              template.lane(),
              kind,
              Documents.parse(json),
              template.documentSha256(),
              null,
              null,
              null,
              null);
      run.play(input, RunScript.SUBMITTER);
      assertThat(run.rejection().kind()).isEqualTo(Rejection.Kind.UNPROCESSABLE);
      assertThat(run.last().state()).isNull();
    }
  }

  private static RunScript submit(JsonNode document) {
    Input.SourceKind kind =
        document.has("run_id") ? Input.SourceKind.WORK_QUEUE : Input.SourceKind.PRE_CONTRACT;
    return new RunScript().submit(kind, document);
  }

  private static List<PlannedTask> planOf(JsonNode document) {
    return submit(document).state().tasks().stream().map(TaskState::plan).toList();
  }

  private static List<FieldError> fieldErrorsOf(JsonNode document) {
    RunScript run = submit(document);
    assertThat(run.last().entries()).isEmpty();
    assertThat(run.last().state()).isNull();
    return run.rejection().errors();
  }

  private static List<String> errorsOf(JsonNode document) {
    return fieldErrorsOf(document).stream().map(e -> e.pointer() + " " + e.reasonCode()).toList();
  }
}
