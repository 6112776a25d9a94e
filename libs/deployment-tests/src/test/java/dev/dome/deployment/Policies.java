package dev.dome.deployment;

import java.util.LinkedHashMap;
import java.util.Map;

/** Every policy by the name that a failing test shows. */
final class Policies {
  static final Map<String, Policy> ALL = all();

  private Policies() {}

  private static Map<String, Policy> all() {
    Map<String, Policy> policies = new LinkedHashMap<>();
    policies.put("pods are restricted", PodPolicies::restricted);
    policies.put("no service account tokens", PodPolicies::noServiceAccountToken);
    policies.put("probes", PodPolicies::probes);
    policies.put("requests and limits", PodPolicies::resources);
    policies.put("measured memory", PodPolicies::measured);
    policies.put("time to leave", PodPolicies::leaving);
    policies.put("selectors", WiringPolicies::selectors);
    policies.put("ports", WiringPolicies::ports);
    policies.put("addresses", WiringPolicies::addresses);
    policies.put("disruption budgets", WiringPolicies::disruptions);
    policies.put("spread", WiringPolicies::spread);
    policies.put("flows are the service graph", FlowPolicies::theGraphAndNothingElse);
    policies.put("denied by default", FlowPolicies::deniedByDefault);
    policies.put("doors to the outside", FlowPolicies::doors);
    policies.put("variables are read", SettingsPolicies::variables);
    policies.put("configuration is complete", SettingsPolicies::complete);
    policies.put("secrets are files", SettingsPolicies::secretsAreFiles);
    policies.put("files are mounted", SettingsPolicies::files);
    policies.put("secrets are documented", SettingsPolicies::secretsAreDocumented);
    policies.put("images", SettingsPolicies::images);
    policies.put("one reader of the journal", ScalePolicies::oneReader);
    policies.put("no more controllers than lanes", ScalePolicies::lanes);
    policies.put("evidence is kept", ScalePolicies::evidence);
    policies.put("copies of streams", ScalePolicies::copies);
    policies.put("the log of statements is kept", LogPolicies::kept);
    policies.put("NATS syncs always", NatsPolicies::syncsAlways);
    policies.put("NATS accepts its files", NatsPolicies::isAccepted);
    policies.put("NATS users are the service graph", NatsPolicies::usersOfTheGraph);
    policies.put("every service is a canary", CanaryPolicies::everyService);
    policies.put("steps of a canary", CanaryPolicies::steps);
    policies.put("arguments of analyses", CanaryPolicies::arguments);
    policies.put("metrics exist", MetricPolicies::exist);
    policies.put("verdicts", CanaryPolicies::verdict);
    return policies;
  }
}
