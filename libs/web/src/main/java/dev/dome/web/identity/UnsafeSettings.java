package dev.dome.web.identity;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What of a configuration is fit for one machine only and is used beyond it. A service that has
 * some of it does not start, unless the operator names the risk ({@code dome.safety.accept}).
 */
final class UnsafeSettings {
  /** What local installations have without being told. */
  private static final String LOCAL_ISSUER = "https://dome.local/issuer";

  private static final String PG_URL = "quarkus.datasource.reactive.url";
  private static final String PG_MODE = "quarkus.datasource.reactive.postgresql.ssl-mode";
  private static final String HTTP_HOST = "quarkus.http.host";

  /** What is looked at besides dome's own settings. */
  static final List<String> OF_QUARKUS = List.of(PG_URL, PG_MODE, HTTP_HOST);

  private static final String LOCAL_KEYS = ".dome/keys";
  private static final String TLS = "tls";

  /** The modes of PostgreSQL's clients that verify whose certificate it is. */
  private static final String VERIFIED = "verify-full";

  private final Map<String, String> settings;
  private final Set<Risk> accepted;
  private final List<Finding> findings = new ArrayList<>();

  /** What can be unsafe. */
  enum Risk {
    /** Messages can be read and forged on their way. */
    PLAIN_NATS,
    /** Whoever reaches the server may use every subject. */
    ANONYMOUS_NATS,
    /** Rows can be read and changed on their way. */
    PLAIN_POSTGRES,
    /** Anybody can set up an issuer of that name. */
    LOCAL_ISSUER,
    /** Keys that a local installation made for itself. */
    LOCAL_KEYS;

    String inWords() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** One thing to change; no value of a secret is in it. */
  record Finding(Risk risk, String why) {
    @Override
    public String toString() {
      return risk.inWords() + ": " + why;
    }
  }

  private UnsafeSettings(Map<String, String> settings, Set<Risk> accepted) {
    this.settings = settings;
    this.accepted = accepted;
  }

  /**
   * Every finding that is not accepted.
   *
   * @param settings by property; only what has a value
   */
  static List<Finding> in(Map<String, String> settings, Set<Risk> accepted) {
    UnsafeSettings read = new UnsafeSettings(settings, accepted);
    settings.keySet().stream()
        .filter(name -> name.endsWith(".nats.url"))
        .sorted()
        .forEach(read::nats);
    read.postgres();
    read.listening();
    return List.copyOf(read.findings);
  }

  /**
   * The risks that a setting names.
   *
   * @throws IllegalArgumentException for a name that is none
   */
  static Set<Risk> accepted(List<String> names) {
    Set<Risk> risks = EnumSet.noneOf(Risk.class);
    for (String name : names) {
      risks.add(
          Arrays.stream(Risk.values())
              .filter(risk -> risk.inWords().equals(name))
              .findFirst()
              .orElseThrow(
                  () -> new IllegalArgumentException("dome.safety.accept knows no risk " + name)));
    }
    return risks;
  }

  private void nats(String property) {
    String prefix = property.substring(0, property.length() - "url".length());
    for (String url : settings.get(property).split(",", -1)) {
      URI server = URI.create(url.strip());
      if (isLocal(server.getHost())) {
        continue;
      }
      if (!TLS.equals(server.getScheme())) {
        find(Risk.PLAIN_NATS, property + " is beyond this machine and not tls://");
      }
      if (!settings.containsKey(prefix + "password-file")
          && !settings.containsKey(prefix + "credentials-file")) {
        find(
            Risk.ANONYMOUS_NATS,
            property + " is beyond this machine, with neither a password nor a credentials file");
      }
    }
  }

  private void postgres() {
    String url = settings.get(PG_URL);
    if (url == null || isLocal(URI.create(url.replaceFirst("^vertx-reactive:", "")).getHost())) {
      return;
    }
    String mode = settings.get(PG_MODE);
    if (!VERIFIED.equals(mode)) {
      find(
          Risk.PLAIN_POSTGRES,
          PG_URL + " is beyond this machine and its ssl-mode is not " + VERIFIED);
    }
  }

  private void listening() {
    if (isLocal(settings.get(HTTP_HOST))) {
      return;
    }
    if (LOCAL_ISSUER.equals(settings.get("dome.identity.tokens.issuer"))) {
      find(
          Risk.LOCAL_ISSUER,
          "dome.identity.tokens.issuer is the local one and the service listens beyond this machine");
    }
    settings.forEach((property, value) -> {
      boolean isKey = property.endsWith("key-file") || property.endsWith("keys-location");
      if (property.startsWith("dome.") && isKey && value.contains(LOCAL_KEYS)) {
        find(
            Risk.LOCAL_KEYS,
            property + " is a local installation's and the service listens beyond this machine");
      }
    });
  }

  private void find(Risk risk, String why) {
    if (!accepted.contains(risk)) {
      findings.add(new Finding(risk, why));
    }
  }

  /** A name that has no address is not this machine's. */
  private static boolean isLocal(String host) {
    if (host == null) {
      return false;
    }
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
