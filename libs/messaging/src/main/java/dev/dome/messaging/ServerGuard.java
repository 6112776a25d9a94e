package dev.dome.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;

/**
 * Asks a server's monitoring port whether it fsyncs before it acknowledges. The default of
 * nats-server, every two minutes, loses acknowledged messages on power failure.
 *
 * <p>Asks by the JDK's old client: the new one prepares for TLS when it is made, which costs the
 * start of a service 50 ms of a processor, whether it comes to TLS or not.
 */
public final class ServerGuard {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final URI varz;

  /**
   * @param monitorUrl the server's {@code http://host:port}
   */
  public ServerGuard(URI monitorUrl) {
    String base = monitorUrl.toString();
    this.varz = URI.create((base.endsWith("/") ? base : base + "/") + "varz");
  }

  /** What the server does with what it acknowledges. */
  public sealed interface Verdict {
    /** Acknowledged means fsynced. */
    record SyncsAlways() implements Verdict {}

    /** Acknowledged may mean still in the page cache. */
    record SyncsLater(Duration interval) implements Verdict {}

    /** The server runs without JetStream. */
    record NoJetStream() implements Verdict {}

    record Unreachable(String cause) implements Verdict {}

    /** Whether readiness may be given. */
    default boolean safe() {
      return this instanceof SyncsAlways;
    }

    /** As a readiness check says it. */
    default String inWords() {
      return switch (this) {
        case SyncsAlways always -> "sync_interval is always";
        case SyncsLater later -> "sync_interval is " + later.interval() + ", not always";
        case NoJetStream none -> "JetStream is off";
        case Unreachable unreachable -> "monitoring not reachable: " + unreachable.cause();
      };
    }
  }

  /**
   * Asks now; blocks for at most two seconds until there is a connection, and two for each read.
   */
  public Verdict check() {
    try {
      if (!(varz.toURL().openConnection() instanceof HttpURLConnection connection)) {
        return new Verdict.Unreachable("not an HTTP address");
      }
      connection.setConnectTimeout(Math.toIntExact(PATIENCE.toMillis()));
      connection.setReadTimeout(Math.toIntExact(PATIENCE.toMillis()));
      connection.setInstanceFollowRedirects(false);
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        return new Verdict.Unreachable("status " + connection.getResponseCode());
      }
      try (InputStream body = connection.getInputStream()) {
        return judge(Json.read(body.readAllBytes(), JsonNode.class));
      }
    } catch (IOException | IllegalArgumentException e) {
      return new Verdict.Unreachable(e.getClass().getSimpleName());
    }
  }

  private static Verdict judge(JsonNode answer) {
    JsonNode config = answer.path("jetstream").path("config");
    if (!config.hasNonNull("store_dir")) {
      return new Verdict.NoJetStream();
    }
    return config.path("sync_always").asBoolean(false)
        ? new Verdict.SyncsAlways()
        : new Verdict.SyncsLater(Duration.ofNanos(config.path("sync_interval").asLong()));
  }
}
