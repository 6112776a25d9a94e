package dev.dome.statecontroller.config;

import dev.dome.messaging.LinkAccess;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The settings of a replica; times in milliseconds. */
@ConfigMapping(prefix = "dome.controller")
public interface ControllerConfig {
  /** Names the replica among others; made up when absent. */
  Optional<String> replicaId();

  Nats nats();

  Lanes lanes();

  Writer writer();

  /** The message server. */
  interface Nats extends LinkAccess {
    String url();

    /** Its monitoring port, which tells whether it fsyncs before it acknowledges. */
    String monitorUrl();

    @WithDefault("1073741824")
    long inboxMaxBytes();

    @WithDefault("1073741824")
    long journalMaxBytes();

    @WithDefault("1")
    int replicas();
  }

  /** Ownership of lanes. */
  interface Lanes {
    @WithDefault("5000")
    long termMs();

    @WithDefault("1000")
    long renewEveryMs();

    @WithDefault("2000")
    long releaseWaitMs();
  }

  /** The lane writer. */
  interface Writer {
    @WithDefault("500")
    int maxBatch();

    @WithDefault("4000")
    int mailbox();

    /** Of the inbox messages in the mailbox, and of those that wait behind the batch. */
    @WithDefault("16777216")
    int mailboxBytes();

    @WithDefault("400000")
    int cacheWeight();

    /** How long pending work may go without progress before the replica is unfit. */
    @WithDefault("15000")
    long stalledAfterMs();

    /** How long the writer may go without a turn before the process is to be started anew. */
    @WithDefault("30000")
    long deadAfterMs();
  }
}
