package dev.dome.web.identity;

import dev.dome.security.Identity;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import java.security.PublicKey;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One issuer: what its tokens must be like, its keys, and whom its subjects are in dome.
 *
 * @param issuer the claim {@code iss}
 * @param audience what {@code aud} must hold
 * @param algorithms what may sign; public-key algorithms only
 * @param clockSkew how far its clock may be from ours
 */
record TrustedIssuer(
    Kind kind,
    String issuer,
    String audience,
    Set<SignatureAlgorithm> algorithms,
    Duration clockSkew,
    IssuerKeys keys,
    Grants grants) {

  /** Whose subjects and claims these are. */
  enum Kind {
    /** Tokens say roles and queues themselves; the deployment may grant more. */
    TOKENS,
    /** Service accounts of a cluster; all they have is granted by the deployment. */
    KUBERNETES
  }

  /** What of a verified token tells who sent it, with role and queue names by namespace. */
  record Claims(
      String subject, Map<String, List<String>> roles, Map<String, List<String>> queues) {}

  /**
   * The algorithms of a setting.
   *
   * @throws IllegalArgumentException for a name that is none, for {@code none} and for HMAC, whose
   *     key whoever verifies could sign with
   */
  static Set<SignatureAlgorithm> algorithms(List<String> names) {
    Set<SignatureAlgorithm> algorithms = EnumSet.noneOf(SignatureAlgorithm.class);
    for (String name : names) {
      SignatureAlgorithm algorithm = SignatureAlgorithm.fromAlgorithm(name);
      if (name.startsWith("HS")) {
        throw new IllegalArgumentException("expected algorithms with a public key but was " + name);
      }
      algorithms.add(algorithm);
    }
    return algorithms;
  }

  /** Whether a token may name this algorithm. */
  boolean takes(String algorithm) {
    return algorithms.stream().anyMatch(known -> known.getAlgorithm().equals(algorithm));
  }

  /** What the verifying library is to hold a token against. */
  JWTAuthContextInfo checks(PublicKey key) {
    JWTAuthContextInfo checks = new JWTAuthContextInfo(key, issuer);
    checks.setSignatureAlgorithm(algorithms);
    checks.setExpectedAudience(Set.of(audience));
    checks.setClockSkew((int) clockSkew.toSeconds());
    return checks;
  }

  /** Who it is; empty when the subject is none that this issuer may name. */
  Optional<Identity> identity(Claims claims) {
    return named(claims).map(grants::applyTo);
  }

  private Optional<Identity> named(Claims claims) {
    return switch (kind) {
      case TOKENS ->
          Identity.ofClaims(claims.subject(), claims.roles(), claims.queues())
              .filter(identity -> !KubernetesSubjects.isClaimed(identity.subject()));
      case KUBERNETES ->
          KubernetesSubjects.inDome(claims.subject())
              .flatMap(subject -> Identity.ofClaims(subject, Map.of(), Map.of()));
    };
  }
}
