package dev.dome.retryscheduler;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;

/** A receiver of webhooks on this machine. */
final class Subscriber implements AutoCloseable {
  private final HttpServer server;
  private final List<Message> heard = new CopyOnWriteArrayList<>();
  private volatile ToIntFunction<Message> answers = message -> 204;

  /** What it was told. */
  record Message(String id, String timestamp, String signature, String type, String body) {}

  Subscriber() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError("no receiver", e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::hear);
    server.start();
  }

  /** From now on it answers with these statuses; it may take its time. */
  void answers(ToIntFunction<Message> statuses) {
    answers = statuses;
  }

  List<Message> heard() {
    return List.copyOf(heard);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook?of=dome";
  }

  private void hear(HttpExchange exchange) throws IOException {
    try (exchange) {
      Message message =
          new Message(
              exchange.getRequestHeaders().getFirst("webhook-id"),
              exchange.getRequestHeaders().getFirst("webhook-timestamp"),
              exchange.getRequestHeaders().getFirst("webhook-signature"),
              exchange.getRequestHeaders().getFirst("content-type"),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      heard.add(message);
      exchange.sendResponseHeaders(answers.applyAsInt(message), -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
