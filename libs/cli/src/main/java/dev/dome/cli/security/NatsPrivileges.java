package dev.dome.cli.security;

import dev.dome.contracts.Json;
import dev.dome.devstack.NatsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * What a service's user of NATS can do that it must not, found by trying, on a server of its own
 * with the users of k8s/base/nats/users.conf.
 */
public final class NatsPrivileges {
  private static final int PATIENCE_MS = 10_000;
  private static final List<String> USERS =
      List.of("ingest", "state-controller", "retry-scheduler", "provenance", "audit-export");

  /** Who may send what others must not. */
  private static final Map<String, List<String>> SENDERS =
      Map.of(
          "dome.inbox.0", List.of("ingest", "retry-scheduler"),
          "dome.journal.0", List.of("state-controller"),
          "dome.replies.x", List.of("state-controller"),
          "$JS.API.STREAM.PURGE.DOME_INBOX", List.of("state-controller"),
          "$JS.API.STREAM.PURGE.DOME_JOURNAL", List.of("state-controller"),
          "$JS.API.STREAM.DELETE.DOME_INBOX", List.of(),
          "$JS.API.STREAM.DELETE.DOME_JOURNAL", List.of(),
          "$JS.API.STREAM.DELETE.DOME_ACCESS", List.of(),
          "$JS.API.STREAM.PURGE.DOME_ACCESS", List.of(),
          "$SYS.REQ.SERVER.PING", List.of());

  private NatsPrivileges() {}

  /** One thing that was tried. */
  public record Attempt(String user, String what, boolean refused) {}

  /**
   * Tries everything as every user.
   *
   * @param root of the repository with the users
   * @param directory for the server
   */
  public static List<Attempt> tried(Path root, Path directory) throws IOException {
    String password = UUID.randomUUID().toString();
    Files.createDirectories(directory.resolve("config"));
    Files.createDirectories(directory.resolve("secrets"));
    Files.copy(root.resolve("k8s/base/nats/users.conf"), directory.resolve("config/users.conf"));
    StringBuilder passwords = new StringBuilder();
    for (String user : USERS) {
      String name = user.toUpperCase(Locale.ROOT).replace('-', '_');
      passwords.append(name).append("_PASSWORD: \"").append(password).append("\"\n");
    }
    Files.writeString(directory.resolve("secrets/passwords.conf"), passwords);
    try (NatsServer server =
        NatsServer.start(
            NatsServer.Options.in(directory).withConfig("include \"config/users.conf\"\n"))) {
      List<Attempt> attempts = new ArrayList<>();
      for (String user : USERS) {
        attempts.addAll(tried(server.port(), user, password));
      }
      attempts.add(new Attempt("nobody", "enter", !enters(server.port(), "nobody", password)));
      attempts.add(
          new Attempt("ingest", "enter by a guess", !enters(server.port(), "ingest", "x")));
      return attempts;
    }
  }

  private static boolean enters(int port, String user, String password) throws IOException {
    try (Line line = Line.open(port, user, password)) {
      return line.entered();
    }
  }

  private static List<Attempt> tried(int port, String user, String password) throws IOException {
    List<Attempt> attempts = new ArrayList<>();
    try (Line line = Line.open(port, user, password)) {
      if (!line.entered()) {
        throw new IOException(user + " cannot enter");
      }
      for (String other : USERS) {
        if (!other.equals(user)) {
          String inbox = "_INBOX." + other + ".>";
          attempts.add(new Attempt(user, "hear " + inbox, line.refuses("SUB " + inbox + " 1")));
        }
      }
      for (String wide : List.of(">", "dome.>", "_INBOX.>", "$JS.>")) {
        attempts.add(new Attempt(user, "hear " + wide, line.refuses("SUB " + wide + " 2")));
      }
      for (Map.Entry<String, List<String>> sent : SENDERS.entrySet()) {
        if (!sent.getValue().contains(user)) {
          String send = "PUB " + sent.getKey() + " 0\r\n";
          attempts.add(new Attempt(user, "send " + sent.getKey(), line.refuses(send)));
        }
      }
    }
    return attempts;
  }

  /** The protocol as it goes over the line: a client library would hide who said what. */
  private record Line(Socket socket, BufferedReader in, boolean entered) implements AutoCloseable {
    static Line open(int port, String user, String password) throws IOException {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MS);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String greeting = in.readLine();
      if (greeting == null || !greeting.startsWith("INFO ")) {
        throw new IOException("no nats-server");
      }
      Map<String, Object> options =
          Map.of("verbose", false, "pedantic", false, "user", user, "pass", password);
      Line line = new Line(socket, in, false);
      line.write("CONNECT " + new String(Json.write(options), StandardCharsets.UTF_8) + "\r\nPING");
      return new Line(socket, in, "PONG".equals(in.readLine()));
    }

    private void write(String command) throws IOException {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }

    /** Whether the server says no to it before it answers the ping behind it. */
    boolean refuses(String command) throws IOException {
      write(command);
      write("PING");
      boolean refused = false;
      for (String said = in.readLine(); said != null; said = in.readLine()) {
        if (said.startsWith("-ERR")) {
          refused = true;
        } else if (said.equals("PONG")) {
          return refused;
        }
      }
      return refused;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
