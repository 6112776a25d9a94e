package dev.dome.retryscheduler.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What the retry-scheduler can be told besides what every consumer of the journal can. */
@ConfigMapping(prefix = "dome.retry-scheduler")
public interface SchedulerConfig {

  Firing firing();

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
