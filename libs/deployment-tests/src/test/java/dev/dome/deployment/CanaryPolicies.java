package dev.dome.deployment;

import dev.dome.deployment.Cluster.Workload;
import dev.dome.deployment.CustomResources.AnalysisTemplate;
import dev.dome.deployment.CustomResources.Argument;
import dev.dome.deployment.CustomResources.Canary;
import dev.dome.deployment.CustomResources.Metric;
import dev.dome.deployment.CustomResources.Rollout;
import dev.dome.deployment.CustomResources.RunArgument;
import dev.dome.deployment.CustomResources.ScaledObject;
import dev.dome.deployment.CustomResources.Step;
import dev.dome.deployment.CustomResources.TemplateRef;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How a release reaches a service, where canaries are on. */
final class CanaryPolicies {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{args\\.([a-z-]+)}}");

  private CanaryPolicies() {}

  private static boolean on(Cluster cluster) {
    return !cluster.all(Rollout.class).isEmpty();
  }

  /** Every service's pods are its Rollout's, described by its Deployment, which runs none. */
  static List<String> everyService(Cluster cluster) {
    Findings findings = new Findings();
    if (!on(cluster)) {
      return findings.all();
    }
    for (Workload service : cluster.services()) {
      Optional<Rollout> rollout = ScalePolicies.rollout(cluster, service.name());
      findings.require(rollout.isPresent(), "%s has no Rollout", service);
      findings.require(
          Integer.valueOf(0).equals(service.replicas()),
          "%s and its Rollout both run pods",
          service);
      rollout.ifPresent(r ->
          findings.require(
              r.spec().workloadRef().kind().equals("Deployment")
                  && r.spec().workloadRef().name().equals(service.name()),
              "the Rollout of %s takes its pods from elsewhere",
              service));
    }
    for (ScaledObject scaled : cluster.all(ScaledObject.class)) {
      findings.require(
          "Rollout".equals(scaled.spec().scaleTargetRef().kind()),
          "ScaledObject %s scales a Deployment that runs no pods",
          scaled.metadata().getName());
    }
    return findings.all();
  }

  /** A guard all the while, dome's own verdict, somebody's promotion, and a way back. */
  static List<String> steps(Cluster cluster) {
    Findings findings = new Findings();
    for (Rollout rollout : cluster.all(Rollout.class)) {
      String name = rollout.metadata().getName();
      Canary canary = rollout.spec().strategy().canary();
      List<Step> steps = canary.steps();
      findings.require(
          canary.analysis() != null && names(canary.analysis().templates()).contains("burn-rate"),
          "%s changes without the burn-rate guard",
          name);
      findings.require(
          asksForTheVerdict(steps)
              || (ReleaseVerdict.isPlanned()
                  && steps.stream().filter(CanaryPolicies::waits).count() > 1),
          "%s changes without dome's verdict, and without somebody in its place",
          name);
      int gate = first(steps, CanaryPolicies::waits);
      int whole = first(steps, step -> Integer.valueOf(100).equals(step.setWeight()));
      findings.require(
          gate >= 0 && whole > gate, "%s is promoted before somebody has said so", name);
      findings.require(
          rollout.spec().rollbackWindow() != null && rollout.spec().progressDeadlineAbort(),
          "%s needs a rollback window and must give up a candidate that does not start",
          name);
      findings.require(
          rollout.metadata().getLabels().containsKey("app.kubernetes.io/version"),
          "%s does not say which release it is, so nobody can ask for its verdict",
          name);
    }
    return findings.all();
  }

  private static boolean asksForTheVerdict(List<Step> steps) {
    return steps.stream()
        .anyMatch(step ->
            step.analysis() != null
                && names(step.analysis().templates()).contains("release-verdict"));
  }

  /** Whether nothing goes on until somebody says so. */
  private static boolean waits(Step step) {
    return step.pause() != null && step.pause().duration() == null;
  }

  private static int first(List<Step> steps, java.util.function.Predicate<Step> wanted) {
    for (int i = 0; i < steps.size(); i++) {
      if (wanted.test(steps.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> names(List<TemplateRef> templates) {
    return templates.stream().map(TemplateRef::templateName).toList();
  }

  /** Analyses that are named are there, and get every argument that they use. */
  static List<String> arguments(Cluster cluster) {
    Findings findings = new Findings();
    for (Rollout rollout : cluster.all(Rollout.class)) {
      Canary canary = rollout.spec().strategy().canary();
      if (canary.analysis() != null) {
        given(cluster, findings, canary.analysis().templates(), canary.analysis().args());
      }
      for (Step step : canary.steps()) {
        if (step.analysis() != null) {
          given(cluster, findings, step.analysis().templates(), step.analysis().args());
        }
      }
    }
    for (AnalysisTemplate template : cluster.all(AnalysisTemplate.class)) {
      List<String> declared = template.spec().args().stream().map(Argument::name).toList();
      for (Metric metric : template.spec().metrics()) {
        PLACEHOLDER
            .matcher(metric.provider().toString())
            .results()
            .map(match -> match.group(1))
            .forEach(used ->
                findings.require(
                    declared.contains(used),
                    "AnalysisTemplate %s uses the argument %s without declaring it",
                    template.metadata().getName(),
                    used));
      }
    }
    return findings.all();
  }

  private static void given(
      Cluster cluster, Findings findings, List<TemplateRef> templates, List<RunArgument> args) {
    List<String> names = args.stream().map(RunArgument::name).collect(Collectors.toList());
    for (String name : names(templates)) {
      Optional<AnalysisTemplate> template =
          cluster.all(AnalysisTemplate.class).stream()
              .filter(candidate -> candidate.metadata().getName().equals(name))
              .findFirst();
      findings.require(template.isPresent(), "no AnalysisTemplate %s", name);
      template.ifPresent(found ->
          found.spec().args().stream()
              .filter(argument -> argument.value() == null && argument.valueFrom() == null)
              .forEach(argument ->
                  findings.require(
                      names.contains(argument.name()),
                      "AnalysisTemplate %s is not given %s",
                      name,
                      argument.name())));
    }
  }

  /** GO goes on, NO_GO goes back, and whatever else waits for somebody. */
  static List<String> verdict(Cluster cluster) {
    Findings findings = new Findings();
    for (AnalysisTemplate template : cluster.all(AnalysisTemplate.class)) {
      for (Metric metric : template.spec().metrics()) {
        findings.require(
            metric.successCondition() != null && metric.failureCondition() != null,
            "metric %s must say both what is good and what is bad",
            metric.name());
        if (metric.provider().web() != null) {
          findings.require(
              "result.decision == \"GO\"".equals(metric.successCondition())
                  && "result.decision == \"NO_GO\"".equals(metric.failureCondition())
                  && Integer.valueOf(0).equals(metric.failureLimit())
                  && Integer.valueOf(0).equals(metric.inconclusiveLimit()),
              "metric %s must go on at GO only, and pause when it is neither GO nor NO_GO",
              metric.name());
          findings.require(
              metric.provider().web().url().startsWith("https://")
                  || metric.provider().web().url().startsWith("{{args.origin}}/v1/"),
              "the verdict is asked for with a token, so by HTTPS: %s",
              metric.provider().web().url());
        }
      }
    }
    return findings.all();
  }
}
