package dev.dome.devstack;

import dev.dome.migrations.Database;
import dev.dome.migrations.Migrations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL with fsync on, reached by TCP on the loopback interface with a password that is made
 * once per data directory. Holds one database, {@code dome}.
 */
public final class PostgresServer extends DevServer {
  public static final String ADMIN = "dome_admin";
  public static final String DATABASE = "dome";

  /**
   * Each connection of a cold JVM would cost it some 50 ms with the 4096 that are usual. They slow
   * down the guessing of words that people choose; here every password is 24 random bytes.
   */
  private static final String SCRAM_ITERATIONS = "1";

  private final Options options;
  private final Path binaries;
  private final String adminPassword;

  /**
   * How to run it.
   *
   * @param directory holds data, log and password
   * @param port 0 takes a free one
   */
  public record Options(Path directory, int port, Lifetime lifetime, Cache cache) {
    public static Options in(Path directory) {
      return new Options(
          directory.toAbsolutePath(), 0, Lifetime.WITH_PARENT, Cache.ofThisMachine());
    }

    public Options withPort(int fixed) {
      return new Options(directory, fixed, lifetime, cache);
    }

    public Options detached() {
      return new Options(directory, port, Lifetime.DETACHED, cache);
    }

    private Path data() {
      return directory.resolve("data");
    }

    Path passwordFile() {
      return directory.resolve("admin-password");
    }
  }

  private PostgresServer(Options options) {
    super("postgres", options.directory().resolve("postgres.log"), options.lifetime());
    this.options = options;
    this.binaries = PostgresBinaries.unpacked(options.cache());
    this.adminPassword = PrivateFiles.password(options.passwordFile());
  }

  /** Starts a server on a new or an earlier data directory; the database exists on return. */
  public static PostgresServer start(Options options) {
    PrivateFiles.directory(options.directory());
    var server = new PostgresServer(options.withPort(Ports.orFree(options.port())));
    var isNew = !Files.exists(options.data());
    if (isNew) {
      server.initialise();
    }
    server.start();
    if (isNew) {
      Migrations.createDatabase(server.admin(), DATABASE);
    }
    return server;
  }

  /** The server that another class loader of this JVM started with the options. */
  static PostgresServer adopt(Options options, ChildProcess running) {
    var server = new PostgresServer(options);
    server.adopt(running);
    return server;
  }

  /** Fills a folder beside the data folder and renames it, so a crash leaves no half cluster. */
  private void initialise() {
    var unfinished = options.directory().resolve("data.part");
    PrivateFiles.deleteTree(unfinished);
    var command = asPlainUser(binaries.resolve("bin/initdb"));
    command.addAll(
        List.of(
            "-D",
            unfinished.toString(),
            "-U",
            ADMIN,
            "--auth=scram-sha-256",
            "--pwfile=" + options.passwordFile(),
            "--encoding=UTF8",
            "--locale=C",
            "-c",
            "scram_iterations=" + SCRAM_ITERATIONS));
    var result = Executables.run(command, options.directory());
    if (result.exitCode() != 0) {
      throw new DevstackException("initdb failed: " + result.output());
    }
    try {
      Files.move(unfinished, options.data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * PostgreSQL refuses to run as root. A user namespace without a mapping lets it see another user
   * while the files stay root's.
   */
  private static List<String> asPlainUser(Path program) {
    var command = new ArrayList<String>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(program.toString());
    return command;
  }

  /** The superuser's access to the database {@code dome}; for migrations and checks only. */
  public Database admin() {
    return new Database("127.0.0.1", port(), DATABASE, ADMIN, adminPassword);
  }

  public int port() {
    return options.port();
  }

  /** The address as the reactive client takes it, without user and password. */
  public String url() {
    return "postgresql://127.0.0.1:" + port() + "/" + DATABASE;
  }

  @Override
  List<String> command() {
    var command = asPlainUser(binaries.resolve("bin/postgres"));
    command.addAll(List.of("-D", options.data().toString(), "-p", Integer.toString(port())));
    settings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    return command;
  }

  private static Map<String, String> settings() {
    return Map.ofEntries(
        Map.entry("listen_addresses", "127.0.0.1"),
        // The path of a socket would be too long in a deep folder.
        Map.entry("unix_socket_directories", ""),
        Map.entry("fsync", "on"),
        Map.entry("synchronous_commit", "on"),
        Map.entry("full_page_writes", "on"),
        Map.entry("cluster_name", "dome-local"),
        Map.entry("timezone", "UTC"),
        Map.entry("shared_buffers", "128MB"),
        Map.entry("scram_iterations", SCRAM_ITERATIONS),
        Map.entry("io_method", "sync"),
        Map.entry("jit", "off"));
  }

  @Override
  Map<String, String> environment() {
    return Map.of("LC_ALL", "C");
  }

  /** The server writes its state into the eighth line of postmaster.pid; the first is its pid. */
  @Override
  boolean isServing() {
    var file = options.data().resolve("postmaster.pid");
    try {
      var lines = Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
      return lines.size() >= 8
          && lines.getFirst().strip().equals(Long.toString(pid()))
          && lines.get(7).strip().equals("ready");
    } catch (java.nio.file.NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  Duration startLimit() {
    return Duration.ofSeconds(60);
  }

  /** Fast shutdown: open transactions are rolled back, clients are disconnected. */
  @Override
  String stopSignal() {
    return "INT";
  }
}
