package dev.dome.deployment;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.util.List;
import java.util.Map;

/**
 * The parts of Argo Rollouts', KEDA's and cert-manager's types that dome uses, by their Go names. A
 * field that is not here is refused: add it after looking it up in {@code
 * argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1} {@code kedacore/keda/apis/keda/v1alpha1} or
 * {@code cert-manager/cert-manager/pkg/apis/certmanager/v1}.
 */
final class CustomResources {
  private CustomResources() {}

  record Rollout(String apiVersion, String kind, ObjectMeta metadata, RolloutSpec spec) {}

  record RolloutSpec(
      Integer replicas,
      Integer revisionHistoryLimit,
      RollbackWindow rollbackWindow,
      Integer progressDeadlineSeconds,
      boolean progressDeadlineAbort,
      Integer minReadySeconds,
      ObjectRef workloadRef,
      AnalysisHistory analysis,
      Strategy strategy) {}

  record RollbackWindow(int revisions) {}

  record ObjectRef(String apiVersion, String kind, String name, String scaleDown) {}

  record AnalysisHistory(int successfulRunHistoryLimit, int unsuccessfulRunHistoryLimit) {}

  record Strategy(Canary canary) {}

  record Canary(
      Integer maxSurge, Integer maxUnavailable, BackgroundAnalysis analysis, List<Step> steps) {}

  record BackgroundAnalysis(
      int startingStep, List<TemplateRef> templates, List<RunArgument> args) {}

  record Step(Integer setWeight, Pause pause, StepAnalysis analysis) {}

  /** Without a duration somebody has to promote. */
  record Pause(String duration) {}

  record StepAnalysis(List<TemplateRef> templates, List<RunArgument> args) {}

  record TemplateRef(String templateName) {}

  record RunArgument(String name, String value, RunArgumentSource valueFrom) {}

  record RunArgumentSource(String podTemplateHashValue, FieldRef fieldRef) {}

  record FieldRef(String fieldPath) {}

  record AnalysisTemplate(
      String apiVersion, String kind, ObjectMeta metadata, AnalysisTemplateSpec spec) {}

  record AnalysisTemplateSpec(List<Argument> args, List<Metric> metrics) {}

  record Argument(String name, String value, ArgumentSource valueFrom) {}

  record ArgumentSource(SecretKeyRef secretKeyRef) {}

  record SecretKeyRef(String name, String key) {}

  record Metric(
      String name,
      String initialDelay,
      String interval,
      Integer count,
      Integer failureLimit,
      Integer inconclusiveLimit,
      Integer consecutiveErrorLimit,
      String successCondition,
      String failureCondition,
      Provider provider) {}

  record Provider(Prometheus prometheus, Web web) {}

  record Prometheus(String address, String query) {}

  record Web(String url, Integer timeoutSeconds, List<Header> headers, String jsonPath) {}

  record Header(String key, String value) {}

  record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, ScaledObjectSpec spec) {}

  record ScaledObjectSpec(
      ScaleTarget scaleTargetRef,
      Integer minReplicaCount,
      Integer maxReplicaCount,
      Integer cooldownPeriod,
      Integer pollingInterval,
      Fallback fallback,
      Advanced advanced,
      List<Trigger> triggers) {}

  record ScaleTarget(String name, String apiVersion, String kind) {}

  record Fallback(int failureThreshold, int replicas) {}

  record Advanced(HpaConfig horizontalPodAutoscalerConfig) {}

  record HpaConfig(HorizontalPodAutoscalerBehavior behavior) {}

  record Trigger(String type, String metricType, Map<String, String> metadata) {}

  record Issuer(String apiVersion, String kind, ObjectMeta metadata, IssuerSpec spec) {}

  record IssuerSpec(SelfSigned selfSigned, CaIssuer ca) {}

  record SelfSigned() {}

  record CaIssuer(String secretName) {}

  record Certificate(String apiVersion, String kind, ObjectMeta metadata, CertificateSpec spec) {}

  record CertificateSpec(
      String secretName,
      String commonName,
      boolean isCA,
      String duration,
      String renewBefore,
      PrivateKey privateKey,
      List<String> usages,
      List<String> dnsNames,
      Keystores keystores,
      IssuerRef issuerRef) {}

  record PrivateKey(String algorithm, int size, String rotationPolicy) {}

  record Keystores(Pkcs12 pkcs12) {}

  record Pkcs12(boolean create, String profile, KeyRef passwordSecretRef) {}

  record KeyRef(String name, String key) {}

  record IssuerRef(String kind, String name) {}
}
