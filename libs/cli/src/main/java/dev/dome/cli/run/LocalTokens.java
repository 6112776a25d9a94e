package dev.dome.cli.run;

import dev.dome.devstack.TokenIssuer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Tokens of the local issuer for one subject, each used for half of its lifetime. */
public final class LocalTokens implements Supplier<String> {
  private final TokenIssuer issuer;
  private final String subject;
  private final Map<String, List<String>> roles;
  private final Duration lifetime;
  private String token;
  private long renewAtNanos;

  public LocalTokens(
      TokenIssuer issuer, String subject, Map<String, List<String>> roles, Duration lifetime) {
    this.issuer = issuer;
    this.subject = subject;
    this.roles = roles;
    this.lifetime = lifetime;
  }

  @Override
  public synchronized String get() {
    if (token == null || System.nanoTime() - renewAtNanos >= 0) {
      token = issuer.mint(subject, roles, lifetime);
      renewAtNanos = System.nanoTime() + lifetime.toNanos() / 2;
    }
    return token;
  }
}
