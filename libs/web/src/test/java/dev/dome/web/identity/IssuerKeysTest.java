package dev.dome.web.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dome.web.identity.IssuerKeys.Lookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuerKeysTest {
  private static final String ES256 = "ES256";
  private final PublicJsonWebKey first = Issuer.key("first");
  private final PublicJsonWebKey second = Issuer.key("second");
  private Issuer issuer;
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void start() throws IOException {
    issuer = new Issuer();
    issuer.publishes(first);
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private IssuerKeys keys(String location) throws IOException {
    InstantSource clock = () -> now;
    return new IssuerKeys(
        KeyLocation.of(location, Optional.empty(), Optional.empty()),
        Duration.ofMinutes(5),
        Duration.ofHours(24),
        clock);
  }

  private IssuerKeys opened() throws IOException {
    IssuerKeys keys = keys(issuer.url());
    keys.open();
    await().until(keys::ready);
    return keys;
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void aNewKeyOfTheIssuerIsLearntFromTheFirstTokenThatNamesIt() throws IOException {
    IssuerKeys keys = opened();
    issuer.publishes(first, second);
    pass(IssuerKeys.PAUSE);

    assertThat(keys.find("second", ES256)).isEqualTo(new Lookup.Pending());
    await().until(() -> keys.find("second", ES256) instanceof Lookup.Found);
    assertThat(keys.find("first", ES256)).isInstanceOf(Lookup.Found.class);
  }

  @Test
  void aKeyThatTheIssuerTookBackIsBelievedNoLongerThanUntilTheNextReading() throws IOException {
    IssuerKeys keys = opened();
    long generation = keys.generation();
    issuer.publishes(second);
    pass(Duration.ofMinutes(6));

    assertThat(keys.find("first", ES256)).isInstanceOf(Lookup.Found.class);
    await().until(() -> keys.generation() != generation);
    assertThat(keys.find("first", ES256)).isEqualTo(new Lookup.Unknown());
  }

  @Test
  void madeUpKeysLeadToOneReadingInTenSeconds() throws IOException {
    IssuerKeys keys = opened();
    for (int i = 0; i < 1_000; i++) {
      assertThat(keys.find("made-up-" + i, ES256)).isEqualTo(new Lookup.Unknown());
    }
    assertThat(issuer.asked()).isOne();
  }

  @Test
  void knownKeysOutliveAnIssuerThatIsAwayButNotForEver() throws IOException {
    IssuerKeys keys = opened();
    issuer.close();
    pass(Duration.ofHours(23));
    assertThat(keys.find("first", ES256)).isInstanceOf(Lookup.Found.class);
    pass(Duration.ofHours(2));

    assertThat(keys.find("first", ES256)).isEqualTo(new Lookup.Pending());
    assertThat(keys.ready()).isFalse();
  }

  @Test
  void nobodyWaitsForAnIssuerThatIsNotThereYet() throws IOException {
    issuer.answers(() -> "not a key set");
    IssuerKeys keys = keys(issuer.url());
    keys.open();

    assertThat(keys.find("first", ES256)).isEqualTo(new Lookup.Pending());
    await().until(() -> issuer.asked() == 1);
    assertThat(keys.ready()).isFalse();
  }

  @Test
  void aFileIsReadAtTheStartAndAgainWhenATokenNamesAKeyItLacked(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("jwks.json");
    assertThatThrownBy(() -> keys(file.toString()).open()).isInstanceOf(IOException.class);
    Files.writeString(file, issuer.keySet());
    IssuerKeys keys = keys(file.toUri().toString());
    keys.open();
    issuer.publishes(second);
    Files.writeString(file, issuer.keySet());

    assertThat(keys.find("second", ES256)).isEqualTo(new Lookup.Pending());
    await().until(() -> keys.find("second", ES256) instanceof Lookup.Found);
  }

  @Test
  void noRedirectIsFollowedAndNoAnswerIsTooLarge() throws Exception {
    KeyLocation moved = KeyLocation.of(issuer.url() + "/moved", Optional.empty(), Optional.empty());
    assertThatThrownBy(moved::read).hasMessageContaining("expected status 200 but was 302");
    KeyLocation large = KeyLocation.of(issuer.url(), Optional.empty(), Optional.empty());
    issuer.answers(() -> " ".repeat(KeyLocation.MAX_BYTES + 1));
    assertThatThrownBy(large::read).isInstanceOf(IOException.class);
  }

  @Test
  void keysAreReadFromFilesAndHttpsOnly() {
    for (String bad :
        new String[] {
          "http://192.0.2.1/keys",
          "ftp://127.0.0.1/keys",
          "https://user:word@example.org/keys",
          "jar:file:/x.jar!/keys",
          "https:keys"
        }) {
      assertThatThrownBy(() -> KeyLocation.of(bad, Optional.empty(), Optional.empty()))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void keysForEncryptionAndSharedSecretsSignNothing() throws Exception {
    PublicJsonWebKey encrypting = Issuer.key("encrypting");
    encrypting.setUse("enc");
    PublicJsonWebKey other = Issuer.key("other");
    other.setAlgorithm("ES384");
    issuer.publishes(first, encrypting, other);
    String withSecret =
        issuer
            .keySet()
            .replace(
                "{\"keys\":[", "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"c2VjcmV0\"},");

    KeySet read = KeySet.of(withSecret.getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThat(read.find("first", ES256)).isPresent();
    assertThat(read.find("encrypting", ES256)).isEmpty();
    assertThat(read.find("other", ES256)).isEmpty();
    assertThat(read.find("s", ES256)).isEmpty();
    assertThat(read.find(null, ES256)).isPresent();
  }
}
