package dev.dome.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.id.ReasonCode;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class WebReasonTest {
  @Test
  void everyCodeOfTheBoundaryIsInTheCatalog() throws IllegalAccessException {
    for (Field field : WebReason.class.getFields()) {
      ReasonCode code = (ReasonCode) field.get(null);

      assertThat(ReasonCodes.standard().contains(code)).as(code.value()).isTrue();
    }
  }
}
