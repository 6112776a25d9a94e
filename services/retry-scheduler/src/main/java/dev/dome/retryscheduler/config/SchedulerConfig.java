package dev.dome.retryscheduler.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What the retry-scheduler can be told besides what every consumer of the journal can. */
@ConfigMapping(prefix = "dome.retry-scheduler")
public interface SchedulerConfig {

  Firing firing();

  Breakers breakers();

  /** How long the lanes of a replica that died wait for another one; several renewals fit in. */
  @WithDefault("7s")
  Duration laneTerm();

  /** When breakers open and how they close; a policy of the deployment. */
  interface Breakers {
    /** How many lanes the database was made with; every one is told of every change. */
    @WithDefault("16")
    int laneCount();

    /** Recorded with every change; another one when the values below are others. */
    @WithDefault("0.3.0")
    String version();

    /** The time whose results count. */
    @WithDefault("60s")
    Duration window();

    /** Results in the window before a breaker opens at all. */
    @WithDefault("10")
    int minimumVolume();

    /** The share of transient failures among them at which it opens. */
    @WithDefault("50")
    int failurePercent();

    /** How long it stays open, unless a worker named a later time. */
    @WithDefault("30s")
    Duration open();

    /** Attempts that are let through half open, and must pass before it closes. */
    @WithDefault("2")
    int probes();
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

    /** Least time between rounds that fire timers; they then share transactions. */
    @WithDefault("20ms")
    Duration gather();

    /** After which a timer whose run has not moved is fired again, and a breaker told again. */
    @WithDefault("30s")
    Duration again();
  }
}
