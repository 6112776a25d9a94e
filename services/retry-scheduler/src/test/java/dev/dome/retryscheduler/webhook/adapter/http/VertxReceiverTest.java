package dev.dome.retryscheduler.webhook.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.dome.retryscheduler.webhook.Attempted;
import dev.dome.retryscheduler.webhook.Delivery.Fault;
import dev.dome.retryscheduler.webhook.Destinations.Destination;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VertxReceiverTest {
  private static final String PASSWORD = "changeit";
  private static final byte[] BODY = "{\"specversion\":\"1.0\"}".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private HttpServer server;

  @AfterEach
  void stop() {
    stopped.countDown();
    if (server != null) {
      server.stop(0);
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** What a receiver does with a request. */
  private interface Answering {
    void answer(HttpExchange exchange) throws IOException;
  }

  @Test
  void itConnectsToTheAddressAndNamesTheHost() throws Exception {
    listen(exchange -> {
      heard.add(exchange.getRequestHeaders().getFirst("Host"));
      heard.add(exchange.getRequestURI().toString());
      heard.add(exchange.getRequestHeaders().getFirst("Webhook-Id"));
      heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      exchange.sendResponseHeaders(204, -1);
    });

    assertThat(post("name-that-does-not-exist.example", false, "/a?b=c"))
        .isEqualTo(new Attempted.Answered(204, null));
    assertThat(heard)
        .containsExactly(
            "name-that-does-not-exist.example:" + port(),
            "/a?b=c",
            "evt-1",
            new String(BODY, StandardCharsets.UTF_8));
  }

  @Test
  void aRedirectIsAnAnswerAndNotFollowed() throws Exception {
    listen(exchange -> {
      heard.add(exchange.getRequestURI().toString());
      exchange.getResponseHeaders().set("Location", "http://127.0.0.1:" + port() + "/inside");
      exchange.sendResponseHeaders(307, -1);
    });
    assertThat(post("a.example", false, "/")).isEqualTo(new Attempted.Answered(307, null));
    assertThat(heard).containsExactly("/");
  }

  @Test
  void patienceIsReadFromTheAnswer() throws Exception {
    listen(exchange -> {
      exchange.getResponseHeaders().set("Retry-After", "120");
      exchange.sendResponseHeaders(429, -1);
    });
    assertThat(post("a.example", false, "/")).isEqualTo(new Attempted.Answered(429, 120_000L));
  }

  @Test
  void anEndlessAnswerIsCutOff() throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    listen(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        while (stopped.getCount() > 0) {
          out.write(new byte[8 << 10]);
        }
      } catch (IOException e) {
        cut.countDown();
      }
    });
    assertThat(post("a.example", false, "/")).isEqualTo(new Attempted.Answered(200, null));
    assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoeverSaysNothingIsLeft() throws Exception {
    listen(exchange -> awaitStop());
    assertThat(post("a.example", false, "/")).isEqualTo(new Attempted.Failed(Fault.TIMED_OUT));
  }

  @Test
  void whereNobodyListensThereIsNoConnection() throws Exception {
    listen(exchange -> exchange.sendResponseHeaders(204, -1));
    Destination nobody =
        new Destination("a.example", InetAddress.getLoopbackAddress(), port(), false, "/");
    server.stop(0);
    try (VertxReceiver receiver = receiver(Optional.empty())) {
      assertThat(receiver.post(nobody, Map.of(), BODY))
          .isEqualTo(new Attempted.Failed(Fault.NO_CONNECTION));
    }
  }

  @Test
  void aCertificateMustBeForTheNameAndOfATrustedAuthority() throws Exception {
    listenWithTls("receiver.example", exchange -> exchange.sendResponseHeaders(204, -1));
    Path ca = folder.resolve("ca.pem");

    assertThat(post("receiver.example", true, "/", Optional.of(ca)))
        .isEqualTo(new Attempted.Answered(204, null));
    assertThat(post("other.example", true, "/", Optional.of(ca)))
        .as("the certificate is for another name")
        .isEqualTo(new Attempted.Failed(Fault.NO_CONNECTION));
    assertThat(post("receiver.example", true, "/", Optional.empty()))
        .as("the platform does not know the authority")
        .isEqualTo(new Attempted.Failed(Fault.NO_CONNECTION));
  }

  private Attempted post(String host, boolean tls, String target) {
    return post(host, tls, target, Optional.empty());
  }

  private Attempted post(String host, boolean tls, String target, Optional<Path> ca) {
    try (VertxReceiver receiver = receiver(ca)) {
      return receiver.post(
          new Destination(host, InetAddress.getLoopbackAddress(), port(), tls, target),
          Map.of("webhook-id", "evt-1"),
          BODY);
    }
  }

  private VertxReceiver receiver(Optional<Path> ca) {
    return new VertxReceiver(vertx, new VertxReceiver.Settings(1_000, 2_000, 4, ca));
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private void listen(Answering answering) throws IOException {
    start(HttpServer.create(loopback(), 0), answering);
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void start(HttpServer made, Answering answering) {
    server = made;
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            answering.answer(exchange);
          }
        });
    server.start();
  }

  private void awaitStop() {
    try {
      assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private void listenWithTls(String name, Answering answering) throws Exception {
    Path store = folder.resolve("receiver.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "receiver",
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-ext",
        "SAN=dns:" + name,
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD);
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "receiver",
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD,
        "-file",
        folder.resolve("ca.pem").toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer https = HttpsServer.create(loopback(), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(context));
    start(https, answering);
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new CopyOnWriteArrayList<>(arguments);
    command.addFirst(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
