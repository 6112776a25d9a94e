package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.devstack.DevKeys;
import dev.dome.devstack.DomeService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The services' own processes, with configurations that they must not run with. */
class UnsafeStartTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));

  /** Of documentation (RFC 5737): nobody is there, and nobody may be asked. */
  private static final String ELSEWHERE = "192.0.2.7";

  @TempDir private Path directory;

  /** What a service that ended said; with its exit code in front. */
  private String ended(DomeService service, Map<String, String> environment) throws Exception {
    Path log = Files.createTempFile(directory, service.serviceName(), ".log");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-jar",
                service.jar(ROOT).toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("DOME_"));
    builder.environment().put("DOME_HTTP_PORT", "0");
    builder.environment().put("DOME_LOG_JSON", "false");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("it ends by itself").isTrue();
      return process.exitValue() + "\n" + Files.readString(log);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void assertRefused(String said, List<String> reasons) {
    assertThat(said).startsWith("1\n").contains("not started").contains(reasons);
    assertThat(said).doesNotContain("Listening on");
  }

  @Test
  void anEntranceForOthersNeedsAnIssuerKeysAndServersOfItsOwn() throws Exception {
    String said =
        ended(
            DomeService.INGEST,
            Map.of(
                "DOME_HTTP_HOST",
                "0.0.0.0",
                "DOME_JWT_PUBLIC_KEY_LOCATION",
                issuerKey(),
                "DOME_NATS_URL",
                "nats://" + ELSEWHERE + ":4222"));

    assertRefused(
        said,
        List.of(
            "plain-nats: dome.ingest.nats.url",
            "anonymous-nats: dome.ingest.nats.url",
            "local-issuer: dome.identity.tokens.issuer",
            "local-keys: dome.ingest.hmac-key-file"));
  }

  @Test
  void aDatabaseElsewhereMustBeVerified() throws Exception {
    String said =
        ended(
            DomeService.STATE_CONTROLLER,
            Map.of(
                "DOME_JWT_PUBLIC_KEY_LOCATION",
                issuerKey(),
                "DOME_PG_URL",
                "postgresql://" + ELSEWHERE + ":5432/dome"));

    assertRefused(said, List.of("plain-postgres: quarkus.datasource.reactive.url"));
  }

  @Test
  void aServiceThatKnowsNoAudienceDoesNotStart() throws Exception {
    String said =
        ended(
            DomeService.PROVENANCE,
            Map.of("DOME_JWT_AUDIENCE", "", "DOME_JWT_PUBLIC_KEY_LOCATION", issuerKey()));

    assertThat(said)
        .startsWith("1\n")
        .contains("dome.identity.tokens.audience is not set")
        .doesNotContain("Listening on");
  }

  @Test
  void aSettingThatNobodyReadsIsAMistakeThatIsNamed() throws Exception {
    String said =
        ended(
            DomeService.AUDIT_EXPORT,
            Map.of(
                "DOME_NATS_ULR",
                "nats://127.0.0.1:4222",
                "DOME_JWT_PUBLIC_KEY_LOCATION",
                issuerKey()));

    assertRefused(said, List.of("no setting has the variable DOME_NATS_ULR"));
  }

  private String issuerKey() {
    return DevKeys.in(directory.resolve("keys")).publicKeyFile().toString();
  }
}
