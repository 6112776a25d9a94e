package dev.dome.web.identity;

import dev.dome.web.identity.TrustedIssuer.Kind;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The issuers that the configuration names. A setting that cannot be followed ends the start. */
@Singleton
@Startup
final class TrustedIssuers {
  private static final Duration MAX_SKEW = Duration.ofMinutes(1);

  private final List<TrustedIssuer> issuers;

  TrustedIssuers(IdentityConfig config) {
    try {
      issuers = read(config, InstantSource.system());
      for (TrustedIssuer issuer : issuers) {
        issuer.keys().open();
      }
    } catch (IOException e) {
      throw new IllegalStateException("identity: " + e.getMessage(), e);
    }
  }

  static List<TrustedIssuer> read(IdentityConfig config, InstantSource clock) throws IOException {
    if (config.clockSkew().compareTo(MAX_SKEW) > 0 || config.clockSkew().isNegative()) {
      throw new IllegalArgumentException(
          "dome.identity.clock-skew expected at most 60s but was " + config.clockSkew());
    }
    Grants grants =
        config.grantsFile().isPresent() ? Grants.in(config.grantsFile().get()) : Grants.NONE;
    List<TrustedIssuer> found = new ArrayList<>();
    found.add(issuer(Kind.TOKENS, "dome.identity.tokens", config.tokens(), config, grants, clock));
    if (config.kubernetes().issuer().isPresent()) {
      found.add(
          issuer(
              Kind.KUBERNETES,
              "dome.identity.kubernetes",
              config.kubernetes(),
              config,
              grants,
              clock));
    }
    return List.copyOf(found);
  }

  private static TrustedIssuer issuer(
      Kind kind,
      String prefix,
      IdentityConfig.Trusted trusted,
      IdentityConfig config,
      Grants grants,
      InstantSource clock)
      throws IOException {
    KeyLocation location =
        KeyLocation.of(
            required(trusted.keysLocation(), prefix + ".keys-location"),
            trusted.keysCaFile(),
            trusted.keysTokenFile());
    return new TrustedIssuer(
        kind,
        required(trusted.issuer(), prefix + ".issuer"),
        required(trusted.audience(), prefix + ".audience"),
        TrustedIssuer.algorithms(trusted.algorithms()),
        config.clockSkew(),
        new IssuerKeys(location, trusted.keysRefresh(), trusted.keysKept(), clock),
        grants);
  }

  private static String required(Optional<String> value, String name) {
    return value
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> new IllegalArgumentException(name + " is not set"));
  }

  /**
   * The issuer that a token says it is of.
   *
   * @param issuer not verified yet, or null; a name that is not known gives the first issuer, whose
   *     checks it fails
   */
  TrustedIssuer of(String issuer) {
    return issuers.stream()
        .filter(known -> known.issuer().equals(issuer))
        .findFirst()
        .orElseGet(issuers::getFirst);
  }

  /** Whether there are keys of every issuer. */
  boolean ready() {
    return issuers.stream().filter(issuer -> issuer.keys().ready()).count() == issuers.size();
  }
}
