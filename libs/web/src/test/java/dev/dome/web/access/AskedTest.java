package dev.dome.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import org.junit.jupiter.api.Test;

class AskedTest {
  private static final NamespaceId OURS = new NamespaceId("ours");

  @Test
  void a_path_names_a_namespace_and_a_run() {
    assertThat(Asked.of("/v1/namespaces/ours/runs/run-1/cancel", null))
        .isEqualTo(new Asked(null, OURS, new RunId("run-1")));
    assertThat(Asked.of("/v1/namespaces/ours/audit/exports/run-1", null))
        .isEqualTo(new Asked(null, OURS, new RunId("run-1")));
    assertThat(Asked.of("/v1/namespaces/ours/runs", null)).isEqualTo(new Asked(null, OURS, null));
    assertThat(Asked.of("/v1/namespaces/ours/queues/default/claims", null))
        .isEqualTo(new Asked(null, OURS, null));
    assertThat(Asked.of("/v1/journal/3", null)).isEqualTo(new Asked(null, null, null));
  }

  @Test
  void text_that_is_no_id_is_not_taken_over() {
    assertThat(Asked.of("/v1/namespaces/Bearer%20eyJ0/runs/eyJhbGciOi.eyJ.x/gate", null))
        .isEqualTo(new Asked(null, null, null));
    assertThat(Asked.of("/", null)).isEqualTo(new Asked(null, null, null));
    assertThat(Asked.of("/v1/namespaces", null)).isEqualTo(new Asked(null, null, null));
  }

  @Test
  void aSecretInTheirPlaceIsNoRun() {
    String path = "/v1/namespaces/a/runs/dop_v1_" + "a1b2".repeat(16) + "/cancel";
    assertThat(Asked.of(path, null).runId()).isNull();
  }
}
