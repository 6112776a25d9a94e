package dev.dome.web.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.security.Identity;
import dev.dome.security.Role;
import dev.dome.web.ProblemException;
import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenVerifierTest {
  private static final NamespaceId TEAM = new NamespaceId("team-a");
  private static final String CLUSTER = "https://kubernetes.default.svc";
  private static final Map<String, Object> SUBMITS =
      Map.of("dome_roles", Map.of("team-a", List.of("submitter")));
  private final PublicJsonWebKey key = Issuer.key("one");
  private final Map<String, String> settings = new HashMap<>();
  private Issuer issuer;

  @BeforeEach
  void start() throws IOException {
    issuer = new Issuer();
    issuer.publishes(key);
    settings.put("dome.identity.tokens.issuer", Issuer.NAME);
    settings.put("dome.identity.tokens.audience", "dome");
    settings.put("dome.identity.tokens.algorithms", "ES256");
    settings.put("dome.identity.tokens.keys-location", issuer.url());
    settings.put("dome.identity.kubernetes.algorithms", "ES256");
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private IdentityConfig config() {
    return new GivenConfig(settings);
  }

  private TokenVerifier verifier() {
    TrustedIssuers issuers = new TrustedIssuers(config());
    await().until(issuers::ready);
    return new TokenVerifier(new DefaultJWTParser(), issuers);
  }

  private static String code(TokenVerifier verifier, String token) {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> verifier.verify("Bearer " + token));
    assertThat(refused).as("a refusal of " + token).isNotNull();
    return refused.status() + " " + refused.reasonCode();
  }

  private static JwtClaims claims() {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(Issuer.NAME);
    claims.setAudience("dome");
    claims.setSubject("ada");
    claims.setIssuedAtToNow();
    claims.setExpirationTimeMinutesInTheFuture(10);
    return claims;
  }

  @Test
  void theClaimsSayWhoItIsWhatItMayAndFromWhichQueues() {
    Identity identity =
        verifier()
            .verify(
                "Bearer "
                    + Issuer.token(
                        key,
                        "ada",
                        Map.of(
                            "dome_roles", Map.of("team-a", List.of("worker")),
                            "dome_queues", Map.of("team-a", List.of("build")))));

    assertThat(identity.subject()).isEqualTo("ada");
    assertThat(identity.rolesIn(TEAM)).containsExactly(Role.WORKER);
    assertThat(identity.mayClaimFrom(TEAM, new QueueName("build"))).isTrue();
    assertThat(identity.mayClaimFrom(TEAM, new QueueName("deploy"))).isFalse();
  }

  @Test
  void aTokenOfAnotherIssuerAudienceTimeOrKeyIsRefusedWithItsReason() {
    TokenVerifier verifier = verifier();
    JwtClaims issued = claims();
    issued.setIssuer("https://elsewhere.example.org");
    assertThat(code(verifier, Issuer.signed(key, issued, Map.of())))
        .isEqualTo("401 AUTH.BAD_AUDIENCE");
    JwtClaims meant = claims();
    meant.setAudience("another");
    assertThat(code(verifier, Issuer.signed(key, meant, Map.of())))
        .isEqualTo("401 AUTH.BAD_AUDIENCE");
    JwtClaims ended = claims();
    ended.setExpirationTime(NumericDate.fromSeconds(NumericDate.now().getValue() - 30));
    assertThat(code(verifier, Issuer.signed(key, ended, Map.of())))
        .isEqualTo("401 AUTH.TOKEN_TIME");
    assertThat(code(verifier, Issuer.signed(Issuer.key("one"), claims(), Map.of())))
        .isEqualTo("401 AUTH.UNKNOWN_KEY");
  }

  @Test
  void theClocksMayDifferByTheSkewAndNoMore() {
    settings.put("dome.identity.clock-skew", "PT40S");
    JwtClaims ended = claims();
    ended.setIssuedAt(NumericDate.fromSeconds(NumericDate.now().getValue() - 600));
    ended.setExpirationTime(NumericDate.fromSeconds(NumericDate.now().getValue() - 20));
    assertThat(verifier().verify("Bearer " + Issuer.signed(key, ended, Map.of())).subject())
        .isEqualTo("ada");

    settings.put("dome.identity.clock-skew", "PT2M");
    assertThatThrownBy(this::verifier).hasMessageContaining("clock-skew expected at most 60s");
  }

  @Test
  void whatATokenSaysOfItsOwnKeyLeadsNowhere() throws IOException {
    TokenVerifier verifier = verifier();
    try (Issuer attacker = new Issuer()) {
      PublicJsonWebKey own = Issuer.key("own");
      attacker.publishes(own);
      String token =
          Issuer.signed(
              own,
              claims(),
              Map.of("jku", attacker.url(), "x5u", attacker.url(), "jwk", own.toJson()));

      await().until(() -> code(verifier, token).equals("401 AUTH.UNKNOWN_KEY"));
      assertThat(attacker.asked()).isZero();
    }
  }

  @Test
  void algorithmsOutsideTheListAndSharedSecretsAreRefused() {
    TokenVerifier verifier = verifier();
    String unsigned =
        "eyJhbGciOiJub25lIn0." + Issuer.token(key, "ada", SUBMITS).split("\\.", -1)[1];
    assertThat(code(verifier, unsigned + ".")).isEqualTo("401 AUTH.BAD_ALG");
    for (String never : List.of("HS256", "none", "ES256,HS512")) {
      settings.put("dome.identity.tokens.algorithms", never);
      assertThatThrownBy(this::verifier).as(never).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whileKeysCannotBeReadTheCallerIsToComeAgain() {
    issuer.answers(() -> "");
    TokenVerifier verifier =
        new TokenVerifier(new DefaultJWTParser(), new TrustedIssuers(config()));

    assertThat(code(verifier, Issuer.token(key, "ada", SUBMITS)))
        .isEqualTo("503 INFRA.ISSUER_UNAVAILABLE");
  }

  @Test
  void withoutIssuerAudienceOrKeysNothingStarts() {
    for (String needed : List.of("issuer", "audience", "keys-location")) {
      String given = settings.remove("dome.identity.tokens." + needed);
      assertThatThrownBy(this::verifier)
          .hasMessageContaining("dome.identity.tokens." + needed + " is not set");
      settings.put("dome.identity.tokens." + needed, given);
    }
  }

  private void trustCluster(Path grants) {
    settings.put("dome.identity.kubernetes.issuer", CLUSTER);
    settings.put("dome.identity.kubernetes.audience", "dome");
    settings.put("dome.identity.kubernetes.keys-location", issuer.url());
    settings.put("dome.identity.grants-file", grants.toString());
  }

  private String account(String subject) {
    return Issuer.token(
        key,
        subject,
        Map.of(
            "iss", CLUSTER,
            "dome_roles", Map.of("team-a", List.of("operator")),
            "kubernetes.io", Map.of("namespace", "team-a")));
  }

  @Test
  void aServiceAccountHasWhatTheDeploymentGrantsAndNothingItClaims(@TempDir Path directory)
      throws IOException {
    trustCluster(
        Files.writeString(
            directory.resolve("grants.json"),
            """
            {"grants": [
              {"subject": "serviceaccount:team-a:*", "roles": {"team-a": ["auditor"]}},
              {"subject": "serviceaccount:team-a:builder", "roles": {"team-a": ["worker"]},
               "queues": {"team-a": ["build"]}},
              {"subject": "ada", "roles": {"team-a": ["approver"]}}
            ]}
            """));
    TokenVerifier verifier = verifier();

    Identity builder = verifier.verify("Bearer " + account("system:serviceaccount:team-a:builder"));
    assertThat(builder.subject()).isEqualTo("serviceaccount:team-a:builder");
    assertThat(builder.rolesIn(TEAM)).containsExactlyInAnyOrder(Role.WORKER, Role.AUDITOR);
    assertThat(builder.mayClaimFrom(TEAM, new QueueName("deploy"))).isFalse();
    Identity stranger =
        verifier.verify("Bearer " + account("system:serviceaccount:team-b:builder"));
    assertThat(stranger.roles()).isEmpty();
    Identity ada = verifier.verify("Bearer " + Issuer.token(key, "ada", SUBMITS));
    assertThat(ada.rolesIn(TEAM)).containsExactlyInAnyOrder(Role.SUBMITTER, Role.APPROVER);
  }

  @Test
  void noIssuerSpeaksForSubjectsOfTheOther(@TempDir Path directory) throws IOException {
    trustCluster(Files.writeString(directory.resolve("grants.json"), "{\"grants\": []}"));
    TokenVerifier verifier = verifier();

    assertThat(code(verifier, account("ada"))).isEqualTo("401 AUTH.BAD_TOKEN");
    assertThat(code(verifier, Issuer.token(key, "serviceaccount:team-a:builder", SUBMITS)))
        .isEqualTo("401 AUTH.BAD_TOKEN");
  }

  @Test
  void grantsThatCannotBeMeantEndTheStart(@TempDir Path directory) throws IOException {
    for (String wrong :
        List.of(
            "{\"grants\": [{\"subject\": \"a*\", \"roles\": {\"team-a\": [\"worker\"]}}]}",
            "{\"grants\": [{\"subject\": \"a\", \"roles\": {\"team-a\": [\"emperor\"]}}]}",
            "{\"grants\": [{\"subject\": \"a\", \"roles\": {\"Team A\": [\"worker\"]}}]}",
            "{\"grants\": [{\"subject\": \"a\"}]}",
            "{\"granted\": []}")) {
      trustCluster(Files.writeString(directory.resolve("grants.json"), wrong));
      assertThatThrownBy(this::verifier).as(wrong).hasMessageContaining("not a file of grants");
    }
  }
}
