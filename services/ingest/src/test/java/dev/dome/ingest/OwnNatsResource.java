package dev.dome.ingest;

import dev.dome.devstack.DomeService;
import dev.dome.devstack.NatsServer;
import dev.dome.testkit.TestStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A nats-server of its own, with a small inbox, for tests that kill it or fill it. */
public final class OwnNatsResource implements QuarkusTestResourceLifecycleManager {
  static final long INBOX_MAX_BYTES = 64 * 1024;

  private static NatsServer server;

  /** The server that runs now. */
  static NatsServer server() {
    return server;
  }

  @Override
  public Map<String, String> start() {
    server =
        NatsServer.start(
            NatsServer.Options.in(Path.of("target", "own-nats", Long.toString(System.nanoTime()))));
    Map<String, String> configuration =
        new TreeMap<>(TestStack.shared().configurationOf(DomeService.INGEST));
    configuration.put("DOME_NATS_URL", server.url());
    configuration.put("DOME_NATS_MONITOR_URL", server.monitorUrl());
    configuration.put("DOME_INBOX_MAX_BYTES", Long.toString(INBOX_MAX_BYTES));
    configuration.put("DOME_RATE_LIMIT_PER_SECOND", "50");
    configuration.put("DOME_RATE_LIMIT_BURST", "100");
    return configuration;
  }

  @Override
  public void stop() {
    server.close();
  }
}
