package dev.dome.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.dome.contracts.Json;
import dev.dome.security.Identity;
import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
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
  private final String algorithm;
  private final Clock clock = Clock.systemUTC();

  /** By the whole header, so that a known one costs no look at its form. */
  private final Cache<String, Verified> verified =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(1)).build();

  TokenVerifier(
      JWTParser parser,
      @ConfigProperty(name = "mp.jwt.verify.publickey.algorithm") String algorithm) {
    this.parser = parser;
    this.algorithm = algorithm;
  }

  private record Verified(Identity identity, long expiresAtMs) {}

  /**
   * Who the header's token was issued to.
   *
   * @param authorization the Authorization header, or null
   * @throws ProblemException 401 with the reason code of the first check that failed
   */
  public Identity verify(String authorization) {
    Verified known = authorization == null ? null : verified.getIfPresent(authorization);
    if (known != null && known.expiresAtMs() > clock.millis()) {
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
    requireAlgorithm(token);
    try {
      JsonWebToken jwt = parser.parse(token);
      return new Verified(identity(jwt), TimeUnit.SECONDS.toMillis(jwt.getExpirationTime()));
    } catch (ParseException e) {
      throw refusal(e);
    } catch (IllegalArgumentException e) {
      throw badToken();
    }
  }

  /** Before any key is used: an unsigned token, or an HMAC made with the public key, ends here. */
  private void requireAlgorithm(String token) {
    String named;
    try {
      byte[] header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
      named = Json.read(header, JsonNode.class).path("alg").asText();
    } catch (IllegalArgumentException e) {
      throw ProblemException.unauthorized(WebReason.BAD_TOKEN, "The token is not a signed JWT.");
    }
    if (!algorithm.equals(named)) {
      throw ProblemException.unauthorized(
          WebReason.BAD_ALG, "Tokens are signed with " + algorithm + ".");
    }
  }

  private static Identity identity(JsonWebToken jwt) {
    return Identity.ofClaims(jwt.getSubject(), roles(jwt.getClaim(ROLES_CLAIM)))
        .orElseThrow(TokenVerifier::badToken);
  }

  /** The parser's own JSON types print as JSON. */
  private static Map<String, List<String>> roles(Object claim) {
    Map<String, List<String>> roles = new TreeMap<>();
    if (claim == null) {
      return roles;
    }
    JsonNode tree = Json.read(claim.toString().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    for (Map.Entry<String, JsonNode> namespace : tree.properties()) {
      List<String> names = new ArrayList<>();
      namespace.getValue().forEach(name -> names.add(name.asText()));
      roles.put(namespace.getKey(), names);
    }
    return roles;
  }

  private static ProblemException refusal(ParseException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvableKeyException
          || cause instanceof InvalidJwtSignatureException) {
        return ProblemException.unauthorized(
            WebReason.UNKNOWN_KEY, "No key of a trusted issuer has signed this token.");
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
          "The token was not issued by dome's issuer for the audience dome.");
    }
    return badToken();
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
