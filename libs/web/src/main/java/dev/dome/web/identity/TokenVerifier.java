package dev.dome.web.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.dome.contracts.Json;
import dev.dome.security.Identity;
import dev.dome.web.ProblemException;
import dev.dome.web.WebReason;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.InvalidJwtSignatureException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Bearer tokens to identities. A verified token is remembered for a minute at most and never beyond
 * its own end, so a worker that reports a thousand times a second costs one signature check a
 * minute.
 */
@Singleton
public final class TokenVerifier {
  private static final Pattern COMPACT_JWS =
      Pattern.compile("[A-Za-z0-9_-]{1,1024}\\.[A-Za-z0-9_-]{1,8192}\\.[A-Za-z0-9_-]{0,1024}");
  private static final String ROLES_CLAIM = "dome_roles";
  private static final String QUEUES_CLAIM = "dome_queues";
  private static final String BEARER = "Bearer ";
  private static final List<Integer> TIME_CODES =
      List.of(
          ErrorCodes.EXPIRED,
          ErrorCodes.EXPIRATION_MISSING,
          ErrorCodes.EXPIRATION_TOO_FAR_IN_FUTURE,
          ErrorCodes.NOT_YET_VALID,
          ErrorCodes.ISSUED_AT_MISSING,
          ErrorCodes.ISSUED_AT_INVALID_FUTURE,
          ErrorCodes.ISSUED_AT_INVALID_PAST);
  private static final List<Integer> AUDIENCE_CODES =
      List.of(
          ErrorCodes.AUDIENCE_INVALID,
          ErrorCodes.AUDIENCE_MISSING,
          ErrorCodes.ISSUER_INVALID,
          ErrorCodes.ISSUER_MISSING);

  private final JWTParser parser;
  private final TrustedIssuers issuers;
  private final Clock clock = Clock.systemUTC();

  /** By the whole header, so that a known one costs no look at its form. */
  private final Cache<String, Verified> verified =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(1)).build();

  TokenVerifier(JWTParser parser, TrustedIssuers issuers) {
    this.parser = parser;
    this.issuers = issuers;
  }

  /** Good until the token's end, and while its issuer's keys are those that verified it. */
  private record Verified(Identity identity, long expiresAtMs, IssuerKeys keys, long generation) {
    private boolean stands(long nowMs) {
      return expiresAtMs > nowMs && keys.generation() == generation;
    }
  }

  /** What an unverified token says of itself, to find the key that verifies it. */
  private record Header(String algorithm, String keyId) {}

  /**
   * Who the header's token was issued to.
   *
   * @param authorization the Authorization header, or null
   * @throws ProblemException 401 with the reason code of the first check that failed, or 503 while
   *     the issuer's keys are not known
   */
  public Identity verify(String authorization) {
    Verified known = authorization == null ? null : verified.getIfPresent(authorization);
    if (known != null && known.stands(clock.millis())) {
      return known.identity();
    }
    Verified fresh = check(token(authorization));
    verified.put(authorization, fresh);
    return fresh.identity();
  }

  private static String token(String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw ProblemException.unauthorized(
          WebReason.NO_TOKEN, "Send Authorization: Bearer <token>.");
    }
    String token = authorization.substring(BEARER.length()).strip();
    if (!COMPACT_JWS.matcher(token).matches()) {
      throw ProblemException.unauthorized(WebReason.BAD_TOKEN, "The token is not a signed JWT.");
    }
    return token;
  }

  private Verified check(String token) {
    String[] parts = token.split("\\.", -1);
    TrustedIssuer issuer = issuers.of(text(decoded(parts[1]), "iss"));
    JsonNode head = decoded(parts[0]);
    Header header = new Header(head.path("alg").asText(), text(head, "kid"));
    requireAlgorithm(issuer, header);
    long generation = issuer.keys().generation();
    try {
      JsonWebToken jwt = parser.parse(token, issuer.checks(key(issuer, header)));
      return new Verified(
          identity(issuer, jwt),
          TimeUnit.SECONDS.toMillis(jwt.getExpirationTime()),
          issuer.keys(),
          generation);
    } catch (ParseException e) {
      throw refusal(e);
    } catch (IllegalArgumentException e) {
      throw badToken();
    }
  }

  private static JsonNode decoded(String part) {
    try {
      return Json.read(Base64.getUrlDecoder().decode(part), JsonNode.class);
    } catch (IllegalArgumentException e) {
      throw ProblemException.unauthorized(WebReason.BAD_TOKEN, "The token is not a signed JWT.");
    }
  }

  private static String text(JsonNode object, String field) {
    return object.path(field).isTextual() ? object.path(field).textValue() : null;
  }

  /** Before any key is used: an unsigned token, or an HMAC made with the public key, ends here. */
  private static void requireAlgorithm(TrustedIssuer issuer, Header header) {
    if (!issuer.takes(header.algorithm())) {
      String taken =
          issuer.algorithms().stream()
              .map(SignatureAlgorithm::getAlgorithm)
              .collect(Collectors.joining(" or "));
      throw ProblemException.unauthorized(
          WebReason.BAD_ALG, "Tokens are signed with " + taken + ".");
    }
  }

  private static PublicKey key(TrustedIssuer issuer, Header header) {
    return switch (issuer.keys().find(header.keyId(), header.algorithm())) {
      case IssuerKeys.Lookup.Found found -> found.key();
      case IssuerKeys.Lookup.Unknown unknown -> throw unknownKey();
      case IssuerKeys.Lookup.Pending pending ->
          throw ProblemException.unavailable(
              WebReason.ISSUER_UNAVAILABLE, "The keys of the token's issuer are being read.", 1);
    };
  }

  private static Identity identity(TrustedIssuer issuer, JsonWebToken jwt) {
    return issuer
        .identity(
            new TrustedIssuer.Claims(
                jwt.getSubject(),
                byNamespace(jwt.getClaim(ROLES_CLAIM)),
                byNamespace(jwt.getClaim(QUEUES_CLAIM))))
        .orElseThrow(TokenVerifier::badToken);
  }

  /** The parser's own JSON types print as JSON. */
  private static Map<String, List<String>> byNamespace(Object claim) {
    Map<String, List<String>> values = new TreeMap<>();
    if (claim == null) {
      return values;
    }
    JsonNode tree = Json.read(claim.toString().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    for (Map.Entry<String, JsonNode> namespace : tree.properties()) {
      List<String> names = new ArrayList<>();
      namespace.getValue().forEach(name -> names.add(name.asText()));
      values.put(namespace.getKey(), names);
    }
    return values;
  }

  private static ProblemException refusal(ParseException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvableKeyException
          || cause instanceof InvalidJwtSignatureException) {
        return unknownKey();
      }
      if (cause instanceof InvalidJwtException invalid && !invalid.getErrorDetails().isEmpty()) {
        return refusal(invalid);
      }
    }
    return badToken();
  }

  private static ProblemException refusal(InvalidJwtException invalid) {
    if (has(invalid, TIME_CODES)) {
      return ProblemException.unauthorized(
          WebReason.TOKEN_TIME, "The token has ended or has not begun; get a new one.");
    }
    if (has(invalid, AUDIENCE_CODES)) {
      return ProblemException.unauthorized(
          WebReason.BAD_AUDIENCE,
          "The token was not issued by a trusted issuer for this installation.");
    }
    return badToken();
  }

  private static ProblemException unknownKey() {
    return ProblemException.unauthorized(
        WebReason.UNKNOWN_KEY, "No key of a trusted issuer has signed this token.");
  }

  private static ProblemException badToken() {
    return ProblemException.unauthorized(
        WebReason.BAD_TOKEN,
        "The token is not a well-formed JWT, or a claim is missing or malformed.");
  }

  private static boolean has(InvalidJwtException failure, List<Integer> codes) {
    for (int code : codes) {
      if (failure.hasErrorCode(code)) {
        return true;
      }
    }
    return false;
  }
}
