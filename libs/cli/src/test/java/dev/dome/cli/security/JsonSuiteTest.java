package dev.dome.cli.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.StrictJson;
import org.junit.jupiter.api.Test;

class JsonSuiteTest {
  @Test
  void everyDocumentOfTheSuiteIsRefusedWithAReason() {
    assertThat(JsonSuite.rejected()).hasSize(188);
    for (JsonSuite.Document document : JsonSuite.rejected()) {
      assertThat(StrictJson.parse(document.bytes()))
          .as(document.name())
          .isInstanceOfSatisfying(
              StrictJson.Result.Refused.class,
              refused ->
                  assertThat(ReasonCodes.standard().get(refused.reasonCode()).httpStatus())
                      .as(document.name())
                      .isEqualTo(400));
    }
  }
}
