package dev.dome.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a run is pinned to when it is submitted under a profile. */
class ProfileTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("ours");
  private static final RuntimeProfile CAREFUL =
      new RuntimeProfile(
          "careful",
          "0".repeat(64),
          new RuntimeProfile.Budgets(0, 30, 3, 2, 15),
          Json.tree(new String[] {"planner-large"}),
          "tdd",
          null,
          null,
          null);

  private static RunScript submitted(JsonNode document, RuntimeProfile profile) {
    RunId runId = new RunId("profiled-run");
    return new RunScript()
        .submitRedrive(
            new Input.SubmitRun(
                RunUid.derive(NAMESPACE, runId, "0193-submission"),
                NAMESPACE,
                runId,
                new Lane(3),
                Input.SourceKind.PRE_CONTRACT,
                document,
                CanonicalJson.sha256(document),
                profile,
                null,
                null,
                null));
  }

  private static JsonNode preContract(String budgets) {
    String text =
        """
        {"schema_version": "xtrl.pre_contract/v0.2", "packet_id": "profiled-run",
         "base_ref": "main", "budgets": %s, "plan_card": {"why": "w", "what": "x"}}
        """
            .formatted(budgets);
    return Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
  }

  @Test
  void aProfileSaysRetriesRiskWorkersAndTimeWhereTheDocumentDoesNot() {
    RunState run = submitted(preContract("{\"iteration_budget\": 9}"), CAREFUL).state();

    assertThat(run.policies().retry().maxRetries()).isZero();
    assertThat(run.policies().gate().riskThreshold()).isEqualTo(30);
    assertThat(run.policies().gate().promotionMaxRisk()).isEqualTo(30);
    assertThat(run.policies().retry().baseDelayMs())
        .isEqualTo(RunScript.POLICIES.retry().baseDelayMs());
    assertThat(run.maxWorkers()).isEqualTo(3);
    assertThat(run.deadlineAtMs() - run.changedAtMs()).isEqualTo(15 * 60_000L);
  }

  @Test
  void whatTheDocumentSaysItselfWinsAndNoProfileChangesNothing() {
    JsonNode document = preContract("{\"iteration_budget\": 2, \"time_minutes\": 60}");

    RunState profiled = submitted(document, CAREFUL).state();
    assertThat(profiled.maxWorkers()).isEqualTo(2);
    assertThat(profiled.deadlineAtMs() - profiled.changedAtMs()).isEqualTo(60 * 60_000L);
    assertThat(submitted(document, null).state().policies()).isEqualTo(RunScript.POLICIES);
  }

  @Test
  void theRowHoldsTheWholeProfileAndReplaysWithoutTheConfiguration() {
    RunScript run = submitted(preContract("{\"iteration_budget\": 2}"), CAREFUL);

    JsonNode input = run.rows().getFirst().envelope().payload().path("input");
    assertThat(input.at("/profile/name").asText()).isEqualTo("careful");
    assertThat(input.at("/profile/models/0").asText()).isEqualTo("planner-large");
    Input.SubmitRun read =
        (Input.SubmitRun) RecordedInput.read(run.rows().getFirst().envelope()).input();
    assertThat(read.profile()).isEqualTo(CAREFUL);
    assertThat(
            submitted(preContract("{\"iteration_budget\": 2}"), null)
                .rows()
                .getFirst()
                .envelope()
                .payload()
                .path("input")
                .has("profile"))
        .isFalse();
  }
}
