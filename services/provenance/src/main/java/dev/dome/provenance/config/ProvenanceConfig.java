package dev.dome.provenance.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What provenance can be told besides what every consumer of the journal can. */
@ConfigMapping(prefix = "dome.provenance")
public interface ProvenanceConfig {

  /** Rows of one ledger at most; a larger one has no manifest and is not replayed. */
  @WithDefault("20000")
  int maxLedgerRows();

  Manifests manifests();

  /** How manifests are made. */
  interface Manifests {
    /** Longest time between two looks at the store. */
    @WithDefault("1s")
    Duration sweep();

    /** Runs of one round at most. */
    @WithDefault("64")
    int batch();

    /** Runs whose ledgers are held in memory at the same time. */
    @WithDefault("2")
    int atOnce();

    /** One round at most. */
    @WithDefault("60s")
    Duration round();

    /** First pause after a failure; it doubles up to five minutes. */
    @WithDefault("1s")
    Duration retry();
  }
}
