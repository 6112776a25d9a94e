package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenIssuerTest {
  private static final Map<String, List<String>> ROLES = Map.of("default", List.of("submitter"));

  @TempDir Path directory;

  @Test
  void thePublicKeyVerifiesWhatThePrivateKeySigned() throws Exception {
    var keys = DevKeys.in(directory);

    var token = new TokenIssuer(keys).mint("alice", ROLES, Duration.ofMinutes(5));
    var claims = consumer(publicKey(keys)).processToClaims(token);

    assertThat(claims.getSubject()).isEqualTo("alice");
    assertThat(claims.getClaimValue(TokenIssuer.ROLES_CLAIM)).isEqualTo(ROLES);
    assertThat(claims.getJwtId()).isNotBlank();
  }

  @Test
  void aTokenOfAnotherInstallationOrOfYesterdayIsNotAccepted() throws Exception {
    var keys = DevKeys.in(directory.resolve("ours"));
    var theirs = new TokenIssuer(DevKeys.in(directory.resolve("theirs")));
    var consumer = consumer(publicKey(keys));

    assertThatThrownBy(
            () -> consumer.processToClaims(theirs.mint("eve", ROLES, Duration.ofMinutes(5))))
        .isInstanceOf(InvalidJwtException.class);
    assertThatThrownBy(() ->
            consumer.processToClaims(
                new TokenIssuer(keys).mint("alice", ROLES, Duration.ofDays(-1))))
        .isInstanceOf(InvalidJwtException.class);
  }

  @Test
  void keysAreMadeOnceAndArePrivate() throws Exception {
    var first = Files.readString(DevKeys.in(directory).privateKeyFile());
    var again = DevKeys.in(directory);

    assertThat(again.privateKeyFile()).hasContent(first);
    assertThat(Files.readString(again.hmacKeyFile()).strip()).hasSize(64);
    for (var file : List.of(again.privateKeyFile(), again.publicKeyFile(), again.hmacKeyFile())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  private static JwtConsumer consumer(PublicKey key) {
    return new JwtConsumerBuilder()
        .setExpectedIssuer(TokenIssuer.ISSUER)
        .setExpectedAudience(TokenIssuer.AUDIENCE)
        .setRequireExpirationTime()
        .setVerificationKey(key)
        .build();
  }

  private static PublicKey publicKey(DevKeys keys) throws Exception {
    var base64 =
        Files.readString(keys.publicKeyFile())
            .replaceAll("-----[A-Z ]+-----", "")
            .replaceAll("\\s", "");
    return KeyFactory.getInstance("EC")
        .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }
}
