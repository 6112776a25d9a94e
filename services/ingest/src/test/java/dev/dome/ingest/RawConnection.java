package dev.dome.ingest;

import io.restassured.RestAssured;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A connection to the service for requests that no HTTP client would send. */
record RawConnection(Socket socket) implements Closeable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static RawConnection open() throws IOException {
    Socket socket = new Socket("localhost", RestAssured.port);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return new RawConnection(socket);
  }

  OutputStream out() throws IOException {
    return socket.getOutputStream();
  }

  void send(String text) throws IOException {
    out().write(text.getBytes(StandardCharsets.US_ASCII));
    out().flush();
  }

  /** Sends one byte now and then, until the server says something. */
  void trickle(String text) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          send(text);
          return socket.getInputStream().available() > 0;
        });
  }

  /** What comes until the first pause of the server: an answer here is one write. */
  String answer() throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[16_384];
    StringBuilder all = new StringBuilder();
    do {
      int n = in.read(buffer);
      if (n < 0) {
        break;
      }
      all.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
    } while (in.available() > 0 || !isWhole(all));
    return all.toString();
  }

  /** Whether the server has closed it; to be asked when its answer was read. */
  boolean ended() throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  private static boolean isWhole(StringBuilder answer) {
    return answer.indexOf("HTTP/1.1 100") == 0 || answer.indexOf("}") > 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
