package dev.dome.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What each overlay would give a cluster keeps every policy. */
class OverlaysTest {

  /** Without kustomize there is none of these, which {@link Renderings} says aloud. */
  @TestFactory
  Stream<DynamicTest> everyOverlayKeepsEveryPolicy() {
    if (!Renderings.possible()) {
      return Stream.empty();
    }
    List<DynamicTest> tests = new ArrayList<>();
    for (String name : Renderings.overlays()) {
      Cluster cluster = Renderings.overlay(name);
      Policies.ALL.forEach((title, policy) ->
          tests.add(
              DynamicTest.dynamicTest(
                  name + ": " + title,
                  () -> assertThat(policy.violations(cluster)).as(name).isEmpty())));
    }
    return tests.stream();
  }

  @Test
  void whatAnOperatorIsToldToMakeIsUsed() {
    if (!Renderings.possible()) {
      return;
    }
    StringBuilder everything = new StringBuilder();
    for (String name : Renderings.overlays()) {
      Renderings.overlay(name).documents().forEach(document -> everything.append(document.tree()));
    }
    for (String row : SecretsTable.rows()) {
      String secret = row.substring(0, row.indexOf('/'));
      assertThat(everything)
          .as("%s of doc/operations/kubernetes.md", row)
          .contains("\"" + secret + "\"");
    }
  }

  @Test
  void nothingOfNatsIsLeftWhereSomebodyElseRunsIt() {
    if (!Renderings.possible()) {
      return;
    }
    Cluster cluster =
        Renderings.baseWith("components/external-nats", "components/external-postgres");

    assertThat(cluster.all(StatefulSet.class)).isEmpty();
    assertThat(cluster.configMap("nats")).isEmpty();
    assertThat(FlowPolicies.theGraphAndNothingElse(cluster)).isEmpty();
    assertThat(FlowPolicies.doors(cluster)).isEmpty();
  }

  @Test
  void aCanaryAsksForTheVerdictUnlessTheOverlaySaysOtherwise() {
    if (!Renderings.possible()) {
      return;
    }
    Cluster cluster = Renderings.baseWith("canary");

    assertThat(cluster.all(CustomResources.Rollout.class))
        .hasSize(Repository.services().size())
        .allSatisfy(rollout ->
            assertThat(rollout.spec().strategy().canary().steps())
                .anyMatch(step ->
                    step.analysis() != null
                        && step.analysis()
                            .templates()
                            .getFirst()
                            .templateName()
                            .equals("release-verdict")));
    assertThat(CanaryPolicies.arguments(cluster)).isEmpty();
  }
}
