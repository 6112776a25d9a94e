package dev.dome.auditexport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.audit.OcsfActivity.Activity;
import dev.dome.security.Operation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OcsfOperationsTest {
  @ParameterizedTest
  @EnumSource(Operation.class)
  void every_operation_of_the_access_table_has_an_activity(Operation operation) {
    assertThat(Activity.ofOperation(operation.name()))
        .as("add it to OcsfActivity.Activity.ofOperation")
        .isNotIn(Activity.OTHER, Activity.UNKNOWN);
  }
}
