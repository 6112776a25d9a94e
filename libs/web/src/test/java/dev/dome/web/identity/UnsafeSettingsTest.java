package dev.dome.web.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.web.identity.UnsafeSettings.Finding;
import dev.dome.web.identity.UnsafeSettings.Risk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnsafeSettingsTest {
  private static final Map<String, String> LOCAL =
      Map.of(
          "dome.ingest.nats.url", "nats://localhost:4222",
          "quarkus.datasource.reactive.url", "postgresql://127.0.0.1:5432/dome",
          "quarkus.http.host", "localhost",
          "dome.identity.tokens.issuer", "https://dome.local/issuer",
          "dome.identity.tokens.keys-location", ".dome/keys/issuer-public.pem",
          "dome.ingest.hmac-key-file", ".dome/keys/idempotency-hmac.key");

  private static List<Risk> risks(Map<String, String> changed) {
    Map<String, String> settings = new HashMap<>(LOCAL);
    settings.putAll(changed);
    return UnsafeSettings.in(settings, Set.of()).stream().map(Finding::risk).toList();
  }

  @Test
  void whatALocalInstallationHasIsSafeOnItsMachine() {
    assertThat(risks(Map.of())).isEmpty();
    assertThat(risks(Map.of("dome.ingest.nats.url", "nats://[::1]:4222"))).isEmpty();
  }

  @Test
  void plainAndAnonymousNatsIsForThisMachineOnly() {
    assertThat(risks(Map.of("dome.ingest.nats.url", "nats://192.0.2.7:4222")))
        .containsExactly(Risk.PLAIN_NATS, Risk.ANONYMOUS_NATS);
    assertThat(
            risks(
                Map.of(
                    "dome.ingest.nats.url", "tls://192.0.2.7:4222,nats://192.0.2.8:4222",
                    "dome.ingest.nats.password-file", "/etc/dome/password")))
        .containsExactly(Risk.PLAIN_NATS);
    assertThat(
            risks(
                Map.of(
                    "dome.ingest.nats.url", "tls://192.0.2.7:4222",
                    "dome.ingest.nats.credentials-file", "/etc/dome/creds")))
        .isEmpty();
  }

  @Test
  void postgresBeyondThisMachineMustShowWhoItIs() {
    String url = "quarkus.datasource.reactive.url";
    String mode = "quarkus.datasource.reactive.postgresql.ssl-mode";
    assertThat(risks(Map.of(url, "postgresql://192.0.2.7/dome")))
        .containsExactly(Risk.PLAIN_POSTGRES);
    assertThat(risks(Map.of(url, "postgresql://192.0.2.7/dome", mode, "require")))
        .containsExactly(Risk.PLAIN_POSTGRES);
    assertThat(risks(Map.of(url, "postgresql://192.0.2.7/dome", mode, "verify-full"))).isEmpty();
  }

  @Test
  void whoListensToOthersNeedsAnIssuerAndKeysOfItsOwn() {
    assertThat(risks(Map.of("quarkus.http.host", "0.0.0.0")))
        .containsExactlyInAnyOrder(Risk.LOCAL_ISSUER, Risk.LOCAL_KEYS, Risk.LOCAL_KEYS);
    assertThat(
            risks(
                Map.of(
                    "quarkus.http.host", "0.0.0.0",
                    "dome.identity.tokens.issuer", "https://identity.example.org",
                    "dome.identity.tokens.keys-location", "https://identity.example.org/keys",
                    "dome.ingest.hmac-key-file", "/etc/dome/hmac")))
        .isEmpty();
  }

  @Test
  void aRiskThatTheOperatorNamesIsAcceptedAndNoOther() {
    Map<String, String> plain =
        Map.of(
            "dome.ingest.nats.url", "nats://192.0.2.7:4222",
            "quarkus.http.host", "localhost");

    assertThat(UnsafeSettings.in(plain, UnsafeSettings.accepted(List.of("plain-nats"))))
        .extracting(Finding::risk)
        .containsExactly(Risk.ANONYMOUS_NATS);
    assertThatThrownBy(() -> UnsafeSettings.accepted(List.of("everything")))
        .hasMessageContaining("knows no risk everything");
  }

  @Test
  void aVariableThatNothingReadsIsToldFromThoseOfOthers() {
    assertThat(
            KnownVariables.unknown(
                Set.of(
                    "PATH",
                    "DOME_NATS_URL",
                    "DOME_PG_PASSWORD_FILE",
                    "DOME_NATS_ULR",
                    "DOME_RUN_ID")))
        .containsExactly("DOME_NATS_ULR");
  }
}
