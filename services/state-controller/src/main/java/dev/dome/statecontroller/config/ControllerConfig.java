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
    /** One or more URLs, separated by commas. */
    String url();

    /** Its monitoring port, which tells whether it fsyncs before it acknowledges. */
    String monitorUrl();

    /** Bytes DOME_INBOX holds before writes are pushed back; the same in every service. */
    @WithDefault("1073741824")
    long inboxMaxBytes();

    /** Bytes DOME_JOURNAL holds; the same in every service. */
    @WithDefault("1073741824")
    long journalMaxBytes();

    /** Copies of each stream: 1 on one server, 3 in a cluster. */
    @WithDefault("1")
    int replicas();
  }

  /** Ownership of lanes. */
  interface Lanes {
    /** How long a lane stays a replica's without a renewal. */
    @WithDefault("5000")
    long termMs();

    /** How often lanes are renewed, and taken or given back. */
    @WithDefault("1000")
    long renewEveryMs();

    /** How long giving lanes back waits for the writer's batch under way. */
    @WithDefault("2000")
    long releaseWaitMs();
  }

  /** The lane writer. */
  interface Writer {
    /** Messages of one transaction at most. */
    @WithDefault("500")
    int maxBatch();

    /** Messages and requests that wait for the writer in memory; more wait in their streams. */
    @WithDefault("4000")
    int mailbox();

    /** Of the inbox messages in the mailbox, and of those that wait behind the batch. */
    @WithDefault("16777216")
    int mailboxBytes();

    /** Open runs kept in memory: one for a run and one for each of its tasks. */
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
