package dev.dome.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** contracts/planned is kept apart from what is served, and the canaries ask as it says. */
class ReleaseVerdictTest {

  @Test
  void whatIsPlannedIsServedByNobodyYet() {
    assertThat(ReleaseVerdict.contract().path("x-dome-status").asText()).isEqualTo("planned");
    for (String service : Repository.services()) {
      assertThat(Repository.read("contracts/openapi/" + service + "/v1.yaml"))
          .as(
              "%s serves verdicts now: delete contracts/planned/release-gates.v1.yaml and the"
                  + " component unjudged-releases from the overlays",
              service)
          .doesNotContain("release-gates");
    }
  }

  @Test
  void theVerdictHasTheFieldsThatItsReadersNeed() {
    JsonNode verdict = ReleaseVerdict.contract().at("/components/schemas/Verdict");

    assertThat(ReleaseVerdict.decisions()).isEqualTo(Set.of("GO", "NO_GO", "INCONCLUSIVE"));
    for (JsonNode required : verdict.required("required")) {
      assertThat(verdict.required("properties").has(required.asText()))
          .as(required.asText())
          .isTrue();
    }
    assertThat(verdict.required("properties").properties())
        .extracting(java.util.Map.Entry::getKey)
        .contains("decision", "reasons", "samples", "evaluated_at");
  }

  @Test
  void theCanaryAsksThePathOfTheContractAndJudgesByItsField() {
    JsonNode metric =
        StrictDocuments.trees(Repository.read("k8s/canary/analysis.yaml")).stream()
            .filter(tree -> tree.at("/metadata/name").asText().equals("release-verdict"))
            .findFirst()
            .orElseThrow()
            .at("/spec/metrics/0");

    assertThat(ReleaseVerdict.contract().required("paths").has(ReleaseVerdict.PATH)).isTrue();
    assertThat(metric.at("/provider/web/url").asText())
        .isEqualTo(
            "{{args.origin}}"
                + ReleaseVerdict.PATH
                    .replace("{ns}", "dome-system")
                    .replace("{release}", "{{args.release}}"));
    assertThat(metric.path("successCondition").asText()).isEqualTo("result.decision == \"GO\"");
    assertThat(metric.path("failureCondition").asText()).isEqualTo("result.decision == \"NO_GO\"");
  }
}
