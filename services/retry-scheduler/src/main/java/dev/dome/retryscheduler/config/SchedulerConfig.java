package dev.dome.retryscheduler.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What the retry-scheduler can be told besides what every consumer of the journal can. */
@ConfigMapping(prefix = "dome.retry-scheduler")
public interface SchedulerConfig {

  Firing firing();

  Breakers breakers();

  Webhooks webhooks();

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

  /** Who outside is told of events, and how. */
  interface Webhooks {
    /** The key that their secrets are sealed under; made by the operator, 32 bytes or more. */
    Path keyFile();

    /** Ports of receivers, between commas. */
    @WithDefault("443,8443")
    String ports();

    /**
     * Hosts, as URLs name them and between commas, that may be told by http too, at any port and at
     * private addresses.
     */
    Optional<String> trustedHosts();

    /** Authorities of receivers' certificates, in PEM; the platform's when absent. */
    Optional<Path> caFile();

    /** Webhooks of one namespace at most. */
    @WithDefault("20")
    int perNamespace();

    /** Attempts under way in one process. */
    @WithDefault("64")
    int inFlight();

    /** Of these to one webhook. */
    @WithDefault("4")
    int perWebhook();

    /** Until there is a connection. */
    @WithDefault("3s")
    Duration connectTimeout();

    /** For a whole attempt, connecting included. */
    @WithDefault("10s")
    Duration answerTimeout();

    /** Attempts until a delivery is given up. */
    @WithDefault("12")
    int attempts();

    /** Before the second attempt; it doubles with each. */
    @WithDefault("5s")
    Duration delay();

    /** The longest delay, plus up to a fifth by chance; also the most a receiver may ask for. */
    @WithDefault("1h")
    Duration longestDelay();

    /** How long a delivery that has ended can be seen and asked for again. */
    @WithDefault("7d")
    Duration keep();
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
