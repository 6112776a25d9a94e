package dev.dome.retryscheduler.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Everything the retry-scheduler can be told. The environment's names are in
 * application.properties.
 */
@ConfigMapping(prefix = "dome.retry-scheduler")
public interface SchedulerConfig {

  /** Names this process in the NATS server's connection list; the host decides when absent. */
  Optional<String> replicaId();

  Nats nats();

  StateController stateController();

  Firing firing();

  /** The message server. */
  interface Nats {
    /** One or more URLs, separated by commas. */
    @WithDefault("nats://localhost:4222")
    String url();

    /** Its monitoring port; readiness asks it for sync_interval. */
    @WithDefault("http://localhost:8222")
    URI monitorUrl();

    /** JWT and NKey seed; anonymous when absent. */
    Optional<Path> credentialsFile();

    @WithDefault("1073741824")
    long inboxMaxBytes();

    @WithDefault("1073741824")
    long journalMaxBytes();

    /** 1 on one server, 3 in a cluster. */
    @WithDefault("1")
    int replicas();
  }

  /** Whom to ask for journal rows that the stream lost. */
  interface StateController {
    @WithDefault("http://localhost:8081")
    URI url();

    /** A bearer token with role auditor in dome-system; asked without one when absent. */
    Optional<Path> tokenFile();
  }

  /** How timers are fired. */
  interface Firing {
    /** Longest time between two looks at the store. */
    @WithDefault("500ms")
    Duration sweep();

    /** Timers of one transaction at most. */
    @WithDefault("500")
    int batch();

    /** One transaction at most, publishing included. */
    @WithDefault("10s")
    Duration round();
  }
}
