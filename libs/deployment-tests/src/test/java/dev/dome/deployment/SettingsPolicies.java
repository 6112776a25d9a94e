package dev.dome.deployment;

import dev.dome.deployment.Cluster.Workload;
import dev.dome.deployment.CustomResources.AnalysisTemplate;
import dev.dome.deployment.CustomResources.Certificate;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What programs are configured with: that they read it, and that nothing of it is secret. */
final class SettingsPolicies {
  /** Not dome's own: read by the JVM, or by Quarkus under its own names. */
  private static final Set<String> READ_BY_OTHERS =
      Set.of(
          "JDK_JAVA_OPTIONS",
          "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT",
          "QUARKUS_DATASOURCE_REACTIVE_POSTGRESQL_SSL_MODE",
          "QUARKUS_DATASOURCE_REACTIVE_HOSTNAME_VERIFICATION_ALGORITHM",
          "QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM",
          "QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM_CERTS",
          "QUARKUS_HTTP_SSL_PORT",
          "QUARKUS_HTTP_SSL_CERTIFICATE_FILES",
          "QUARKUS_HTTP_SSL_CERTIFICATE_KEY_FILES",
          "QUARKUS_HTTP_SSL_CERTIFICATE_RELOAD_PERIOD");

  /** Read by the migrations besides the services' passwords. */
  private static final Set<String> OF_MIGRATIONS =
      Set.of(
          "DOME_PG_URL",
          "DOME_PG_ADMIN_USER",
          "DOME_PG_ADMIN_PASSWORD_FILE",
          "DOME_PG_CA_FILE",
          "DOME_AUDIT_RETENTION_CLASSES");

  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i).*(password|passwd|secret|token|credential|private|api_?key).*");
  private static final Pattern SECRET_IN_URL = Pattern.compile(".*://[^/@]*:[^/@]*@.*");
  private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9]+[0-9A-Za-z.-]*");

  private SettingsPolicies() {}

  /** Every variable is one that somebody reads: a misspelt one would change nothing. */
  static List<String> variables(Cluster cluster) {
    Findings findings = new Findings();
    Set<String> ofAny = new HashSet<>(READ_BY_OTHERS);
    Repository.services().forEach(service -> ofAny.addAll(Repository.variables(service)));
    ofAny.addAll(OF_MIGRATIONS);
    shared(cluster)
        .keySet()
        .forEach(key ->
            findings.require(ofAny.contains(key), "%s in ConfigMap dome is read by nobody", key));
    for (Workload workload : cluster.workloads()) {
      if (workload.name().equals("nats") || workload.name().equals("postgres")) {
        continue;
      }
      Set<String> read = new HashSet<>(READ_BY_OTHERS);
      if (workload.name().equals("migrate")) {
        read.addAll(OF_MIGRATIONS);
        migrated().forEach(s -> read.add("DOME_PG_" + s + "_PASSWORD_FILE"));
      } else {
        read.addAll(Repository.variables(workload.name()));
      }
      for (EnvVar variable : workload.container().getEnv()) {
        findings.require(
            read.contains(variable.getName()), "%s does not read %s", workload, variable.getName());
      }
    }
    return findings.all();
  }

  private static Set<String> migrated() {
    return Repository.services().stream()
        .filter(Repository::usesPostgres)
        .map(service -> service.replace('-', '_').toUpperCase(java.util.Locale.ROOT))
        .collect(Collectors.toSet());
  }

  private static Map<String, String> shared(Cluster cluster) {
    return cluster.configMap("dome").map(ConfigMap::getData).orElse(Map.of());
  }

  /** What a program cannot run without is given to it. */
  static List<String> complete(Cluster cluster) {
    Findings findings = new Findings();
    for (Workload workload : cluster.services()) {
      Set<String> given = new TreeSet<>(shared(cluster).keySet());
      workload.container().getEnv().forEach(variable -> given.add(variable.getName()));
      Set<String> needed =
          new TreeSet<>(
              Set.of(
                  "DOME_HTTP_HOST",
                  "DOME_NATS_URL",
                  "DOME_NATS_MONITOR_URL",
                  "DOME_NATS_PASSWORD_FILE",
                  "DOME_NATS_REPLICAS",
                  "DOME_JWT_PUBLIC_KEY_LOCATION",
                  "DOME_REPLICA_ID"));
      if (Repository.usesPostgres(workload.name())) {
        needed.addAll(Set.of("DOME_PG_URL", "DOME_PG_PASSWORD_FILE"));
      }
      if (Repository.consumesJournal(workload.name())) {
        needed.add("DOME_STATE_CONTROLLER_TOKEN_FILE");
      }
      if (workload.name().equals("ingest")) {
        needed.addAll(Set.of("DOME_HMAC_KEY_FILE", "DOME_EVIDENCE_ROOT"));
      }
      if (workload.name().equals("retry-scheduler")) {
        needed.add("DOME_WEBHOOK_KEY_FILE");
      }
      if (workload.name().equals("provenance")) {
        needed.addAll(Set.of("DOME_STATEMENT_KEY_FILES", "DOME_LOG_KEY_FILES"));
      }
      needed.removeAll(given);
      findings.require(needed.isEmpty(), "%s is not given %s", workload, needed);
    }
    return findings.all();
  }

  /** Secrets are files: none stands in a variable, a ConfigMap or a URL. */
  static List<String> secretsAreFiles(Cluster cluster) {
    Findings findings = new Findings();
    for (Workload workload : cluster.workloads()) {
      for (EnvVar variable : workload.container().getEnv()) {
        boolean named = SECRET_NAME.matcher(variable.getName()).matches();
        boolean file = variable.getName().endsWith("_FILE") || isPath(variable.getValue());
        findings.require(
            !named || file, "%s gets %s as text, not as a file", workload, variable.getName());
        findings.require(
            variable.getValueFrom() == null || variable.getValueFrom().getSecretKeyRef() == null,
            "%s gets %s out of a Secret as a variable, not as a file",
            workload,
            variable.getName());
        findings.require(
            variable.getValue() == null || !SECRET_IN_URL.matcher(variable.getValue()).matches(),
            "%s has a password in the address %s",
            workload,
            variable.getName());
      }
      findings.require(
          workload.container().getEnvFrom().stream().allMatch(from -> from.getSecretRef() == null),
          "%s gets a whole Secret as variables",
          workload);
    }
    for (ConfigMap map : cluster.all(ConfigMap.class)) {
      map.getData()
          .forEach((key, value) ->
              findings.require(
                  (!SECRET_NAME.matcher(key).matches() || isPath(value))
                      && !value.contains("PRIVATE KEY")
                      && !(key.endsWith("_URL") && SECRET_IN_URL.matcher(value).matches()),
                  "ConfigMap %s holds a secret in %s",
                  map.getMetadata().getName(),
                  key));
    }
    return findings.all();
  }

  private static boolean isPath(String value) {
    return value != null && value.startsWith("/");
  }

  /** A file that a program is told to read is mounted, from a key that is there. */
  static List<String> files(Cluster cluster) {
    Findings findings = new Findings();
    Set<String> documented = SecretsTable.rows();
    List<Workload> ours =
        cluster.workloads().stream()
            .filter(workload -> workload.isService() || workload.name().equals("migrate"))
            .toList();
    for (Workload workload : ours) {
      Map<String, String> settings = new TreeMap<>();
      if (workload.isService()) {
        settings.putAll(shared(cluster));
        settings.keySet().retainAll(Repository.variables(workload.name()));
      }
      workload
          .container()
          .getEnv()
          .forEach(variable -> settings.put(variable.getName(), variable.getValue()));
      settings.forEach((name, value) -> {
        if (name.endsWith("_FILE") || name.equals("DOME_JWT_PUBLIC_KEY_LOCATION")) {
          String source = source(workload, value.replaceFirst("^file://", ""));
          findings.require(
              source != null, "%s: nothing is mounted at %s=%s", workload, name, value);
          findings.require(
              source == null || documented.contains(source),
              "%s: %s comes from %s, which the table of doc/operations/kubernetes.md lacks",
              workload,
              name,
              source);
        }
      });
    }
    return findings.all();
  }

  /** Secret or ConfigMap and key behind a path, as {@code name/key}; null when there is none. */
  private static String source(Workload workload, String path) {
    for (VolumeMount mount : workload.container().getVolumeMounts()) {
      if (path.startsWith(mount.getMountPath() + "/")) {
        String file = path.substring(mount.getMountPath().length() + 1);
        for (Volume volume : workload.pod().getVolumes()) {
          if (volume.getName().equals(mount.getName())) {
            return source(volume, file);
          }
        }
      }
    }
    return null;
  }

  private static String source(Volume volume, String file) {
    if (volume.getSecret() != null) {
      return source(volume.getSecret().getSecretName(), volume.getSecret().getItems(), file);
    }
    if (volume.getConfigMap() != null) {
      return source(volume.getConfigMap().getName(), volume.getConfigMap().getItems(), file);
    }
    if (volume.getProjected() != null) {
      for (VolumeProjection part : volume.getProjected().getSources()) {
        String found =
            part.getSecret() != null
                ? source(part.getSecret().getName(), part.getSecret().getItems(), file)
                : source(part.getConfigMap().getName(), part.getConfigMap().getItems(), file);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static String source(String name, List<KeyToPath> items, String file) {
    if (items.isEmpty()) {
      return name + "/" + file;
    }
    return items.stream()
        .filter(item -> item.getPath().equals(file))
        .map(item -> name + "/" + item.getKey())
        .findFirst()
        .orElse(null);
  }

  /** Secrets that are named are made by cert-manager here, or stand in the documented table. */
  static List<String> secretsAreDocumented(Cluster cluster) {
    Findings findings = new Findings();
    Set<String> known = new TreeSet<>();
    SecretsTable.rows().forEach(row -> known.add(row.substring(0, row.indexOf('/'))));
    cluster
        .all(Certificate.class)
        .forEach(certificate -> known.add(certificate.spec().secretName()));
    for (Workload workload : cluster.workloads()) {
      for (Volume volume : workload.pod().getVolumes()) {
        SecretVolumeSource secret = volume.getSecret();
        findings.require(
            secret == null || known.contains(secret.getSecretName()),
            "%s mounts Secret %s, which nobody is told to make",
            workload,
            secret == null ? "" : secret.getSecretName());
        findings.require(
            secret == null
                || (secret.getDefaultMode() != null && (secret.getDefaultMode() & 7) == 0),
            "%s mounts a Secret that everybody in the pod may read",
            workload);
      }
    }
    for (AnalysisTemplate template : cluster.all(AnalysisTemplate.class)) {
      template
          .spec()
          .args()
          .forEach(argument ->
              findings.require(
                  argument.valueFrom() == null
                      || known.contains(argument.valueFrom().secretKeyRef().name()),
                  "AnalysisTemplate %s uses a Secret that nobody is told to make",
                  template.metadata().getName()));
    }
    return findings.all();
  }

  /** Images have a version, dome's own all the same one. */
  static List<String> images(Cluster cluster) {
    Findings findings = new Findings();
    Set<String> ours = new TreeSet<>();
    for (Workload workload : cluster.workloads()) {
      String image = workload.container().getImage();
      String tag = image.substring(image.lastIndexOf('/') + 1).replaceFirst("^[^:@]*[:@]?", "");
      findings.require(
          VERSION.matcher(tag).matches() || tag.startsWith("sha256:"),
          "%s runs %s: give it a full version or a digest",
          workload,
          image);
      if (image.contains("dome/")) {
        ours.add(tag);
        String name = workload.name().equals("migrate") ? "migrations" : workload.name();
        findings.require(
            image.matches("(.*/)?dome/" + name + "[:@].*"), "%s runs %s", workload, image);
      }
      String version = workload.labels().get("app.kubernetes.io/version");
      findings.require(
          version == null || image.contains("dome/"),
          "%s is labelled with dome's release, which would restart it with each",
          workload);
      findings.require(
          version == null || !image.contains("dome/") || tag.equals(version),
          "%s is labelled %s and runs %s",
          workload,
          version,
          image);
    }
    findings.require(ours.size() == 1, "dome's images are of one release, not of %s", ours);
    return findings.all();
  }
}
