package dev.dome.cli.security;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HTTP/1.1 as bytes, for requests that no HTTP client would send. One connection to a service of
 * this machine, opened anew after the server closed it.
 */
final class RawHttp implements AutoCloseable {
  private static final int PATIENCE_MS = 30_000;
  private static final int SOON_MS = 500;
  private static final int FILLER_BYTES = 1 << 13;
  private static final int MAX_ANSWER_BYTES = 1 << 22;

  private static final Pattern STATUS_LINE = Pattern.compile("\\S+ (\\d{3})( .*)?");

  private final int port;
  private Socket socket;
  private boolean refusedToRead;

  RawHttp(int port) {
    this.port = port;
  }

  /**
   * What came back.
   *
   * @param status 0 when the server closed the connection without a word
   * @param headers by name in lower case, the last of equal names
   */
  record Answer(int status, Map<String, String> headers, String body) {
    static final Answer NONE = new Answer(0, Map.of(), "");

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /**
   * Sends bytes and reads one answer.
   *
   * @throws IOException when the service cannot be reached, or says nothing for half a minute
   */
  Answer send(byte[] wire) throws IOException {
    boolean reused = socket != null;
    Answer answer = sendOnce(wire);
    // A server may close an idle connection; what it did not read it did not answer.
    return answer.status() == 0 && reused ? sendOnce(wire) : answer;
  }

  /**
   * Sends what may be no request at all, by a connection of its own, and reads an answer if one
   * comes soon. What is missing of a body is made up for, so that the service does not wait for it.
   */
  Answer sendAnything(byte[] wire) throws IOException {
    byte[] filled = Arrays.copyOf(wire, wire.length + FILLER_BYTES);
    Arrays.fill(filled, wire.length, filled.length, (byte) '\n');
    open();
    socket.setSoTimeout(SOON_MS);
    write(filled);
    try {
      return read(socket.getInputStream());
    } catch (SocketTimeoutException e) {
      return Answer.NONE;
    } finally {
      close();
    }
  }

  private void open() throws IOException {
    if (socket == null) {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MS);
      socket.setTcpNoDelay(true);
    }
  }

  private Answer sendOnce(byte[] wire) throws IOException {
    open();
    write(wire);
    Answer answer = read(socket.getInputStream());
    if (answer.status() == 0 || answer.header("connection").equalsIgnoreCase("close")) {
      close();
    }
    return answer;
  }

  /** A server that has answered reads no more, and its answer still counts. */
  private void write(byte[] wire) {
    try {
      socket.getOutputStream().write(wire);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      refusedToRead = true;
    }
  }

  private Answer read(InputStream in) throws IOException {
    String status = line(in);
    if (status == null) {
      return Answer.NONE;
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip());
    }
    int code = code(status);
    if (refusedToRead) {
      headers.put("connection", "close");
      refusedToRead = false;
    }
    return new Answer(code, headers, body(in, headers));
  }

  /** A server may say the version that it was asked in, however long that is. */
  private static int code(String statusLine) throws IOException {
    Matcher parts = STATUS_LINE.matcher(statusLine);
    if (!parts.matches()) {
      throw new IOException("no status line: " + statusLine);
    }
    return Integer.parseInt(parts.group(1));
  }

  private static String body(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      return chunks(in);
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new String(in.readNBytes(Math.min(length, MAX_ANSWER_BYTES)), StandardCharsets.UTF_8);
  }

  private static String chunks(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      String size = line(in);
      int bytes = size == null ? 0 : Integer.parseInt(size, 16);
      all.write(in.readNBytes(bytes));
      line(in);
      if (bytes == 0 || all.size() > MAX_ANSWER_BYTES) {
        return all.toString(StandardCharsets.UTF_8);
      }
    }
  }

  /** A line without its end; null at the end of the connection. */
  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b == '\n') {
          return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
        }
        line.write(b);
      }
    } catch (SocketException reset) {
      return null;
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
