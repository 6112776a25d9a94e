package dev.dome.devstack;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a service shows when it asks another service for something. */
final class ServiceToken {
  /** Whoever leaves a stack up for longer has to start it again. */
  private static final Duration LIFETIME = Duration.ofDays(30);

  private static final Map<String, List<String>> READS_OF_THE_SYSTEM =
      Map.of("dome-system", List.of("auditor"));

  private ServiceToken() {}

  /** A new token that may read what belongs to no tenant, in a file of mode 600. */
  static Path issued(DevKeys keys, DomeService service) {
    var token =
        new TokenIssuer(keys).mint(service.serviceName(), READS_OF_THE_SYSTEM, LIFETIME) + "\n";
    return PrivateFiles.write(keys.tokenFile(service), token.getBytes(StandardCharsets.US_ASCII));
  }
}
