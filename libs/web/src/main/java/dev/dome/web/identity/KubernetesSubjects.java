package dev.dome.web.identity;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The subjects of Kubernetes' service-account tokens, {@code
 * system:serviceaccount:<namespace>:<name>} there and {@code serviceaccount:<namespace>:<name>} in
 * dome, where {@code system:} is dome's own. The names are those of Kubernetes' service-account
 * token projection.
 */
final class KubernetesSubjects {
  static final String PREFIX = "serviceaccount:";

  private static final Pattern ACCOUNT =
      Pattern.compile("system:(?<kept>serviceaccount:[a-z0-9-]{1,63}:[a-z0-9.-]{1,253})");

  private KubernetesSubjects() {}

  /** The subject in dome; empty for one that is no service account's. */
  static Optional<String> inDome(String subject) {
    Matcher account = ACCOUNT.matcher(subject == null ? "" : subject);
    return account.matches() ? Optional.of(account.group("kept")) : Optional.empty();
  }

  /** Whether a subject of another issuer passes for a service account. */
  static boolean isClaimed(String subject) {
    return subject.startsWith(PREFIX);
  }
}
