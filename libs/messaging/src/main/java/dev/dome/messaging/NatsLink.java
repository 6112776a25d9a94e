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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One process's connection to NATS. It reconnects for ever; what was asked for while it is down, or
 * not open yet, fails at once instead of being buffered, so that whoever asked knows.
 */
public final class NatsLink implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(NatsLink.class.getName());
  private static final Duration DRAIN = Duration.ofSeconds(2);

  private final LinkOptions options;
  private final LinkBudget budget;
  private final CompletableFuture<Connection> opened = new CompletableFuture<>();
  private volatile boolean closed;

  private NatsLink(LinkOptions options) {
    this.options = options;
    this.budget = options.budget();
  }

  /**
   * Connects, waiting up to the budget's {@code openMs} for a server to appear.
   *
   * @throws UncheckedIOException when none did, or it refused the credentials throughout
   */
  public static NatsLink open(LinkOptions options) {
    NatsLink link = new NatsLink(options);
    long deadline = System.nanoTime() + Duration.ofMillis(options.budget().openMs()).toNanos();
    try {
      while (true) {
        try {
          link.connect();
          return link;
        } catch (IOException e) {
          if (System.nanoTime() > deadline) {
            throw new UncheckedIOException("no NATS server accepted " + options.name(), e);
          }
          link.pause("nats server not reachable yet", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while connecting to NATS", e);
    }
  }

  /**
   * Tries once to connect and then goes on beside the caller, for ever: until a server is there the
   * link is as one that has lost it.
   */
  public static NatsLink opening(LinkOptions options) {
    NatsLink link = new NatsLink(options);
    link.untilDone("nats-opener", "nats server not reachable yet", link::connect);
    return link;
  }

  /**
   * Does what needs an open link: at once when it is open, else beside the caller as soon as it is.
   * What fails because the server does not answer, or says no, is done again.
   */
  public void onceOpen(Runnable work) {
    untilDone(
        "nats-once-open",
        "nats server does not do yet what a start needs",
        () -> {
          if (!connected()) {
            throw new IOException("not connected");
          }
          work.run();
        });
  }

  @FunctionalInterface
  private interface Attempt {
    void make() throws IOException, InterruptedException;
  }

  /** The first attempt is the caller's own, so that a start with a server in reach is over. */
  private void untilDone(String thread, String message, Attempt attempt) {
    try {
      if (!done(attempt, message)) {
        Thread.ofVirtual().name(thread).start(() -> repeat(attempt, message));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void repeat(Attempt attempt, String message) {
    try {
      while (!closed && !done(attempt, message)) {
        LOG.log(Level.DEBUG, "tried again link={0}", options.name());
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "interrupted link={0}", options.name());
    }
  }

  private boolean done(Attempt attempt, String message) throws InterruptedException {
    try {
      attempt.make();
      return true;
    } catch (IOException | UncheckedIOException | StreamRefusedException e) {
      pause(message, e);
      return false;
    }
  }

  private void connect() throws IOException, InterruptedException {
    Connection connection = Nats.connect(natsOptions(options));
    opened.complete(connection);
    if (closed) {
      connection.close();
    }
  }

  private void pause(String message, Exception cause) throws InterruptedException {
    LOG.log(Level.INFO, message + " cause={0}", cause.getMessage());
    Thread.sleep(budget.reconnectMs() + ThreadLocalRandom.current().nextLong(budget.reconnectMs()));
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
    Connection connection = opened.getNow(null);
    return connection != null && connection.getStatus() == Connection.Status.CONNECTED;
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

  /** Throws an IllegalStateException, as a closed connection does, while there was none yet. */
  Connection connection() {
    Connection connection = opened.getNow(null);
    if (connection == null) {
      throw new IllegalStateException("the link is not open yet");
    }
    return connection;
  }

  JetStreamOptions jetStreamOptions() {
    return JetStreamOptions.builder().requestTimeout(budget.request()).build();
  }

  /** Sends what is queued, then disconnects; subscriptions and readers end. */
  @Override
  public void close() {
    closed = true;
    Connection connection = opened.getNow(null);
    if (connection == null) {
      return;
    }
    try {
      if (connected()) {
        connection.flush(DRAIN);
      }
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.TimeoutException e) {
      LOG.log(Level.WARNING, "nats link closed before everything queued was sent");
      closeNow(connection);
    }
  }

  private static void closeNow(Connection connection) {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
