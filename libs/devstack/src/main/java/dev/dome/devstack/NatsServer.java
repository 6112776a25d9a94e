package dev.dome.devstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A nats-server with JetStream whose every stored message is fsynced before it is acknowledged,
 * listening on the loopback interface only.
 */
public final class NatsServer extends DevServer {
  private final Options options;
  private final Path binary;
  private final Path config;

  /**
   * How to run it.
   *
   * @param directory holds config, log and the JetStream store
   * @param port of clients; 0 takes a free one
   * @param monitorPort of the HTTP monitoring endpoint; 0 takes a free one
   * @param syncInterval {@code always}; anything else loses acknowledged messages on power loss and
   *     is only for a test that shows that it is noticed
   * @param more configuration besides, in nats-server's own syntax; its includes are files of the
   *     directory
   */
  public record Options(
      Path directory,
      int port,
      int monitorPort,
      String syncInterval,
      String more,
      Lifetime lifetime,
      Cache cache) {
    public static Options in(Path directory) {
      return new Options(
          directory.toAbsolutePath(),
          0,
          0,
          "always",
          "",
          Lifetime.WITH_PARENT,
          Cache.ofThisMachine());
    }

    public Options withPorts(int clients, int monitor) {
      return new Options(directory, clients, monitor, syncInterval, more, lifetime, cache);
    }

    public Options withSyncInterval(String interval) {
      return new Options(directory, port, monitorPort, interval, more, lifetime, cache);
    }

    public Options withConfig(String text) {
      return new Options(directory, port, monitorPort, syncInterval, text, lifetime, cache);
    }

    public Options detached() {
      return new Options(
          directory, port, monitorPort, syncInterval, more, Lifetime.DETACHED, cache);
    }

    private Options withFixedPorts() {
      return withPorts(Ports.orFree(port), Ports.orFree(monitorPort));
    }
  }

  private NatsServer(Options options) {
    super("nats-server", options.directory().resolve("nats-server.log"), options.lifetime());
    this.options = options;
    this.binary = new NatsBinary(options.cache()).find();
    this.config = options.directory().resolve("nats-server.conf");
  }

  /** Starts a server and returns when it accepts clients. */
  public static NatsServer start(Options options) {
    var server = new NatsServer(options.withFixedPorts());
    PrivateFiles.write(server.config, server.configText().getBytes(StandardCharsets.UTF_8));
    server.start();
    return server;
  }

  /** The server that another class loader of this JVM started with the options. */
  static NatsServer adopt(Options options, ChildProcess running) {
    var server = new NatsServer(options);
    server.adopt(running);
    return server;
  }

  /** What the program has against a configuration file, without starting; empty when nothing. */
  public static Optional<String> objectionTo(Path configuration) {
    var binary = new NatsBinary(Cache.ofThisMachine()).find();
    var result = Executables.run(List.of(binary.toString(), "-t", "-c", configuration.toString()));
    return result.exitCode() == 0 ? Optional.empty() : Optional.of(result.output());
  }

  private String configText() {
    return """
    server_name: dome-local
    listen: "127.0.0.1:%d"
    http: "127.0.0.1:%d"
    max_payload: 2MB
    jetstream {
      store_dir: "%s"
      sync_interval: %s
    }
    %s
    """
        .formatted(
            options.port(), options.monitorPort(), store(), options.syncInterval(), options.more());
  }

  public String url() {
    return "nats://127.0.0.1:" + options.port();
  }

  /** Base address of the monitoring endpoint. */
  public String monitorUrl() {
    return "http://127.0.0.1:" + options.monitorPort();
  }

  public int port() {
    return options.port();
  }

  /** Where its streams are kept. */
  public Path store() {
    return options.directory().resolve("jetstream");
  }

  int monitorPort() {
    return options.monitorPort();
  }

  @Override
  List<String> command() {
    return List.of(binary.toString(), "-c", config.toString());
  }

  @Override
  Map<String, String> environment() {
    return Map.of();
  }

  /** The server greets a client with INFO once JetStream has recovered its store. */
  @Override
  boolean isServing() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), 1000);
      socket.setSoTimeout(1000);
      var greeting = new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII);
      return greeting.equals("INFO");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  Duration startLimit() {
    return Duration.ofSeconds(30);
  }

  @Override
  String stopSignal() {
    return "TERM";
  }
}
