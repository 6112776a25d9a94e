package dev.dome.ingest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.testkit.StackTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The checked-in contract is the running service's. After a wanted change run this test with
 * -Ddome.contracts.write=true and look at the difference.
 */
@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
class ContractTest {

  @Test
  void theContractIsWhatTheServiceSaysOfItself() throws IOException {
    Path contract =
        Path.of(System.getProperty("dome.root"), "contracts", "openapi", "ingest", "v1.yaml");
    String running =
        new String(
            given().get("/q/openapi").then().statusCode(200).extract().asByteArray(),
            StandardCharsets.UTF_8);
    if (Boolean.getBoolean("dome.contracts.write")) {
      Files.createDirectories(contract.getParent());
      Files.writeString(contract, running);
    }
    assertThat(running).isEqualTo(Files.readString(contract));
  }

  @Test
  void theFrontPageAndTheMetricsAreThere() {
    assertThat(given().get("/").then().statusCode(200).extract().asString())
        .contains("/q/openapi")
        .contains("/q/health");
    assertThat(given().get("/q/metrics").then().statusCode(200).extract().asString())
        .contains("dome_ingest_claims_parked")
        .contains("dome_ingest_inbox_ack");
  }
}
