package dev.dome.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.id.ReasonCode;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelReasonCodesTest {

  @Test
  void everyCodeOfTheKernelIsInTheCatalog() throws IllegalAccessException {
    List<ReasonCode> codes = new ArrayList<>(KernelReasonCodes.invalidTransitions());
    for (Field field : KernelReasonCodes.class.getDeclaredFields()) {
      if (field.getType() == ReasonCode.class && Modifier.isPublic(field.getModifiers())) {
        codes.add((ReasonCode) field.get(null));
      }
    }
    assertThat(codes).hasSizeGreaterThan(50).allMatch(ReasonCodes.standard()::contains);
  }
}
