package dev.dome.auditexport;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no resource of the audit is to see. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "audit-export"))
@QuarkusTestResource(JournalOwnerStub.class)
class BadPathTest {
  @Test
  void a_nul_is_refused_before_it_reaches_the_database() {
    asTyped("records?actor=a%00b").body("reason_code", equalTo("REQUEST.BAD_PARAMETER"));
    asTyped("exports/run%00").body("reason_code", equalTo("REQUEST.BAD_PATH"));
  }

  /** As it is typed: RestAssured would bend the path itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x/%2e%2e/records",
        "x/../records",
        "./records",
        "/records",
        "%72ecords",
        "records;a=b",
        "exports/run-1;a=b"
      })
  void aPathThatWouldBeBentToAnotherIsRefused(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://localhost:" + RestAssured.port + "/v1/namespaces/x/audit/" + path))
            .header("Authorization", TestTokens.bearer("auditor-1", "x", "auditor"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).contains("REQUEST.BAD_PATH");
      assertThat(answer.statusCode()).isEqualTo(400);
    }
  }

  private static ValidatableResponse asTyped(String path) {
    return given()
        .urlEncodingEnabled(false)
        .header("Authorization", TestTokens.bearer("auditor-1", "tenant-nul", "auditor"))
        .get("/v1/namespaces/tenant-nul/audit/" + path)
        .then()
        .statusCode(400);
  }
}
