package dev.dome.messaging;

import io.nats.client.Connection;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One process's connection to NATS. It reconnects for ever; what was asked for while it is down
 * fails at once instead of being buffered, so that whoever asked knows.
 */
public final class NatsLink implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(NatsLink.class.getName());
  private static final Duration DRAIN = Duration.ofSeconds(2);

  private final Connection connection;
  private final LinkBudget budget;

  private NatsLink(Connection connection, LinkBudget budget) {
    this.connection = connection;
    this.budget = budget;
  }

  /**
   * Connects, waiting up to the budget's {@code openMs} for a server to appear.
   *
   * @throws UncheckedIOException when none did, or it refused the credentials throughout
   */
  public static NatsLink open(LinkOptions options) {
    Options natsOptions = natsOptions(options);
    LinkBudget budget = options.budget();
    long deadline = System.nanoTime() + Duration.ofMillis(budget.openMs()).toNanos();
    try {
      while (true) {
        try {
          return new NatsLink(Nats.connect(natsOptions), budget);
        } catch (IOException e) {
          if (System.nanoTime() > deadline) {
            throw new UncheckedIOException("no NATS server accepted " + options.name(), e);
          }
          LOG.log(Level.INFO, "nats server not reachable yet cause={0}", e.getMessage());
          Thread.sleep(
              budget.reconnectMs() + ThreadLocalRandom.current().nextLong(budget.reconnectMs()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while connecting to NATS", e);
    }
  }

  private static Options natsOptions(LinkOptions options) {
    LinkBudget budget = options.budget();
    Duration reconnect = Duration.ofMillis(budget.reconnectMs());
    LinkLog log = new LinkLog(options.name());
    Options.Builder builder =
        new Options.Builder()
            .servers(options.servers().toArray(String[]::new))
            .connectionName(options.name())
            .connectionTimeout(budget.connect())
            .maxReconnects(-1)
            .reconnectWait(reconnect)
            .reconnectJitter(reconnect)
            .reconnectJitterTls(reconnect)
            .reconnectBufferSize(0)
            .pingInterval(Duration.ofMillis(budget.pingMs()))
            .maxPingsOut(2)
            .requestCleanupInterval(reconnect)
            .writeQueuePushTimeout(budget.request())
            .maxMessagesInOutgoingQueue(4 * budget.publishWindow())
            .errorListener(log)
            .connectionListener(log);
    authenticate(builder, options.access());
    encrypt(builder, options.tls());
    return builder.build();
  }

  private static void authenticate(Options.Builder builder, LinkOptions.Access access) {
    switch (access) {
      case LinkOptions.Access.Anonymous() -> {}
      case LinkOptions.Access.Credentials(Path file) -> builder.credentialPath(file.toString());
      case LinkOptions.Access.UserPassword(String user, Path file) ->
          // Answers come to subjects of the user's own, so that the server can keep others out.
          builder.userInfo(user.toCharArray(), secret(file)).inboxPrefix("_INBOX." + user);
    }
  }

  private static void encrypt(Options.Builder builder, LinkOptions.Tls tls) {
    switch (tls) {
      case LinkOptions.Tls.OfTheUrl() -> {}
      case LinkOptions.Tls.Trust(Path store, Path password) -> trust(builder, store, password);
      case LinkOptions.Tls.Mutual(Path trust, Path trustPassword, Path key, Path keyPassword) -> {
        trust(builder, trust, trustPassword);
        builder.keystorePath(key.toString()).keystorePassword(secret(keyPassword));
      }
    }
  }

  private static void trust(Options.Builder builder, Path store, Path password) {
    builder.truststorePath(store.toString()).truststorePassword(secret(password));
  }

  private static char[] secret(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8).strip();
      return text.toCharArray();
    } catch (IOException e) {
      throw new UncheckedIOException("the secret file cannot be read", e);
    }
  }

  /** Whether the connection is up right now. */
  public boolean connected() {
    return connection.getStatus() == Connection.Status.CONNECTED;
  }

  public LinkBudget budget() {
    return budget;
  }

  public Streams streams() {
    return new Streams(this);
  }

  public InboxPublisher inboxPublisher() {
    return new InboxPublisher(this);
  }

  public AtomicBatchPublisher atomicBatches() {
    return new AtomicBatchPublisher(this);
  }

  public AccessPublisher accessPublisher() {
    return new AccessPublisher(this);
  }

  public RowPublisher rowPublisher() {
    return new RowPublisher(this);
  }

  public CoreMessages core() {
    return new CoreMessages(this);
  }

  Connection connection() {
    return connection;
  }

  JetStreamOptions jetStreamOptions() {
    return JetStreamOptions.builder().requestTimeout(budget.request()).build();
  }

  /** Sends what is queued, then disconnects; subscriptions and readers end. */
  @Override
  public void close() {
    try {
      if (connected()) {
        connection.flush(DRAIN);
      }
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.TimeoutException e) {
      LOG.log(Level.WARNING, "nats link closed before everything queued was sent");
      closeNow();
    }
  }

  private void closeNow() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
