package dev.dome.journal.config;

import dev.dome.messaging.LinkAccess;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the journal comes from. The environment's names are in this library's
 * microprofile-config.properties, the same for every consumer.
 */
@ConfigMapping(prefix = "dome.journal")
public interface JournalConfig {

  /** Names this process in the NATS server's connection list; the service's name when absent. */
  Optional<String> replicaId();

  /**
   * The service's name, which it sets itself; its durable consumers are {@code <service>-lane-<n>}.
   */
  String service();

  Nats nats();

  StateController stateController();

  /** The message server. */
  interface Nats extends LinkAccess {
    /** One or more URLs, separated by commas. */
    @WithDefault("nats://localhost:4222")
    String url();

    /** Its monitoring port; readiness asks it for sync_interval. */
    @WithDefault("http://localhost:8222")
    URI monitorUrl();

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

  /** Whom to ask for journal rows that the stream lost. */
  interface StateController {
    /** Base address of the state-controller. */
    @WithDefault("http://localhost:8081")
    URI url();

    /** A bearer token with role auditor in dome-system; asked without one when absent. */
    Optional<Path> tokenFile();

    /** Certificates (PEM) that services at https are verified against, instead of the JVM's. */
    Optional<Path> caFile();
  }
}
