package dev.dome.provenance.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What provenance can be told besides what every consumer of the journal can. */
@ConfigMapping(prefix = "dome.provenance")
public interface ProvenanceConfig {

  /** Rows of a ledger that is replayed on request, while the caller waits. */
  @WithDefault("20000")
  int maxReplayRows();

  Manifests manifests();

  Keys keys();

  Log log();

  AuditExport auditExport();

  /** Whom to ask for what was purged. */
  interface AuditExport {
    /** Base address of audit-export. */
    @WithDefault("http://localhost:8084")
    URI url();

    /** A bearer token with role auditor in dome-system; asked without one when absent. */
    Optional<Path> tokenFile();

    /** Certificates (PEM) that services at https are verified against, instead of the JVM's. */
    Optional<Path> caFile();

    /** Between two looks at what was purged; the audit records each. */
    @WithDefault("1m")
    Duration sweep();
  }

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

  /** What statements and checkpoints are signed with. The service does not start without them. */
  interface Keys {
    /**
     * Files with ECDSA P-256 pairs, PKCS #8 with the public key in PEM or PKCS #12. The first
     * signs; the others are still trusted.
     */
    List<Path> statementFiles();

    /** Files with Ed25519 pairs. Each signs every checkpoint; the first is named in bundles. */
    List<Path> logFiles();

    /** A file with the password of those that are PKCS #12. */
    Optional<Path> passwordFile();
  }

  /** The transparency log. */
  interface Log {
    /** Its name, in every checkpoint; a host and a path, without a scheme. */
    @WithDefault("dome.local/log")
    String origin();

    /**
     * A directory outside the database that gets a copy of the log, checkpoint last; any web server
     * can serve it. Without one, an older database that was put back is not noticed.
     */
    Optional<Path> directory();

    /** Pause between two looks when nothing waits. */
    @WithDefault("250ms")
    Duration sweep();

    /** Runs and replays that are sealed at once at most. */
    @WithDefault("256")
    int batch();

    /** How long this process stays the log's sequencer when it falls silent. */
    @WithDefault("15s")
    Duration term();

    /** One answer of the store at most. */
    @WithDefault("30s")
    Duration store();
  }
}
