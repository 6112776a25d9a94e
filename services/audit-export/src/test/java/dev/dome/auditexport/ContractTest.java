package dev.dome.auditexport;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.dome.testkit.StackTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The released contract is what the service does. After a wanted change, run this with {@code
 * -Ddome.contracts.write=true} and review the difference.
 */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "audit-export"))
class ContractTest {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build());

  @Test
  void theContractIsWhatTheServiceServes() throws IOException {
    Path contract =
        Path.of(System.getProperty("dome.root"), "contracts/openapi/audit-export/v1.yaml");

    JsonNode served =
        YAML.readTree(
            given().get("/q/openapi?format=json").then().statusCode(200).extract().asByteArray());

    if (Boolean.getBoolean("dome.contracts.write")) {
      Files.write(contract, YAML.writeValueAsBytes(served));
    }
    assertThat(YAML.readTree(Files.readAllBytes(contract))).isEqualTo(served);
  }
}
