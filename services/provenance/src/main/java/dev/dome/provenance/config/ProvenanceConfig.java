package dev.dome.provenance.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What provenance can be told besides what every consumer of the journal can. */
@ConfigMapping(prefix = "dome.provenance")
public interface ProvenanceConfig {

  /** Rows of a ledger that is replayed on request, while the caller waits. */
  @WithDefault("20000")
  int maxReplayRows();

  Manifests manifests();

  /** How manifests are made. */
  interface Manifests {
    /** Longest time between two looks at the store. */
    @WithDefault("1s")
    Duration sweep();

    /** Runs of one round at most. */
    @WithDefault("64")
    int batch();

    /** Runs whose ledgers are read at the same time. */
    @WithDefault("2")
    int atOnce();

    /**
     * Characters of the inputs of open runs whose ledgers are verified as their rows come, with
     * 2,000 for each run; 0 reads every ledger from the state-controller when its run has ended. A
     * character takes several bytes of memory.
     */
    @WithDefault("12000000")
    long followedChars();

    /** One answer of the store at most. */
    @WithDefault("60s")
    Duration store();

    /** Reading and replaying one ledger at most. */
    @WithDefault("15m")
    Duration ledger();

    /** First pause after a failure; it doubles up to five minutes. */
    @WithDefault("1s")
    Duration retry();
  }
}
