package dev.dome.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeVersionTest {
  @ParameterizedTest
  @CsvSource({
    "v18.20.4, false, false",
    "v20.20.2, true, false",
    "v22.17.1, true, false",
    "v22.18.0, true, true",
    "v23.5.0, true, false",
    "v23.6.0, true, true",
    "v24.1.0, true, true",
  })
  void aVersionTellsWhetherItIsEnoughAndRunsTypeScript(
      String printed, boolean enough, boolean runsTypeScript) {
    NodeVersion version = NodeVersion.read(printed).orElseThrow();

    assertThat(version.isEnough()).isEqualTo(enough);
    assertThat(version.runsTypeScript()).isEqualTo(runsTypeScript);
  }

  @Test
  void anythingElseIsNoVersion() {
    assertThat(NodeVersion.read("node: not found")).isEmpty();
  }
}
