package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceTokenTest {
  @TempDir Path directory;

  @Test
  void aServiceMayReadWhatBelongsToNoTenantForAMonth() throws Exception {
    var file = ServiceToken.issued(DevKeys.in(directory), DomeService.RETRY_SCHEDULER);

    var claims =
        new JwtConsumerBuilder()
            .setSkipSignatureVerification()
            .setExpectedAudience(TokenIssuer.AUDIENCE)
            .build()
            .processToClaims(Files.readString(file).strip());
    assertThat(claims.getSubject()).isEqualTo("retry-scheduler");
    assertThat(claims.getClaimValue(TokenIssuer.ROLES_CLAIM))
        .isEqualTo(Map.of("dome-system", List.of("auditor")));
    assertThat(Instant.ofEpochMilli(claims.getExpirationTime().getValueInMillis()))
        .isAfter(Instant.now().plus(Duration.ofDays(29)));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void eachStartRenewsIt() throws Exception {
    var keys = DevKeys.in(directory);
    var first = Files.readString(ServiceToken.issued(keys, DomeService.RETRY_SCHEDULER));

    assertThat(ServiceToken.issued(keys, DomeService.RETRY_SCHEDULER))
        .content()
        .isNotEqualTo(first);
  }
}
