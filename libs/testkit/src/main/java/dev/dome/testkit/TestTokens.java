package dev.dome.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Tokens that the services under test accept, valid for ten minutes. */
public final class TestTokens {
  private TestTokens() {}

  /** A token of the subject with the roles in one namespace. */
  public static String of(String subject, String namespace, String... roles) {
    return of(subject, Map.of(namespace, List.of(roles)));
  }

  public static String of(String subject, Map<String, List<String>> roles) {
    return TestStack.shared().issuer().mint(subject, roles, Duration.ofMinutes(10));
  }

  /** The value of an Authorization header. */
  public static String bearer(String subject, String namespace, String... roles) {
    return "Bearer " + of(subject, namespace, roles);
  }
}
