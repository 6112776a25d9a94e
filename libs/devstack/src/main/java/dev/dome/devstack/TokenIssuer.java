package dev.dome.devstack;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** Signs tokens that the services of the same installation accept. */
public final class TokenIssuer {
  public static final String ISSUER = "https://dome.local/issuer";
  public static final String AUDIENCE = "dome";

  /** The claim that maps a namespace to the roles held in it. */
  public static final String ROLES_CLAIM = "dome_roles";

  /** The claim that binds a worker to queues of a namespace. */
  public static final String QUEUES_CLAIM = "dome_queues";

  private final DevKeys keys;

  public TokenIssuer(DevKeys keys) {
    this.keys = keys;
  }

  /**
   * A signed token.
   *
   * @param subject who it speaks for
   * @param roles namespace to the roles held there
   * @param lifetime from now; may be negative, for a token that has expired
   */
  public String mint(String subject, Map<String, List<String>> roles, Duration lifetime) {
    return mint(claims(subject, roles, lifetime).toJson());
  }

  /**
   * The token of a worker that may claim from some queues only.
   *
   * @param queues namespace to the queues it is bound to there
   */
  public String mintBound(
      String subject,
      Map<String, List<String>> roles,
      Map<String, List<String>> queues,
      Duration lifetime) {
    var claims = claims(subject, roles, lifetime);
    claims.setClaim(QUEUES_CLAIM, new TreeMap<>(queues));
    return mint(claims.toJson());
  }

  private static JwtClaims claims(
      String subject, Map<String, List<String>> roles, Duration lifetime) {
    var claims = new JwtClaims();
    claims.setIssuer(ISSUER);
    claims.setAudience(AUDIENCE);
    claims.setSubject(subject);
    claims.setIssuedAtToNow();
    claims.setExpirationTimeMinutesInTheFuture(lifetime.toMillis() / 60_000f);
    claims.setGeneratedJwtId();
    claims.setClaim(ROLES_CLAIM, new TreeMap<>(roles));
    return claims;
  }

  /** Signs any payload, for tests of tokens that must be refused. */
  public String mint(String claimsJson) {
    var signature = new JsonWebSignature();
    signature.setPayload(claimsJson);
    signature.setKey(keys.privateKey());
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    signature.setHeader("typ", "JWT");
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException("the issuer's key does not sign", e);
    }
  }
}
