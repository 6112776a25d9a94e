package dev.dome.cli.security;

import dev.dome.cli.security.BadInput.Draft;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Bodies without an end, many at once. Together they are larger than any heap here, so a service
 * that gathers them ends.
 */
public final class Flood {
  private static final int SENDERS = 32;
  private static final int PIECES = 1 << 10;
  private static final int PIECE_BYTES = 1 << 16;

  private Flood() {}

  /**
   * Sends up to 64 MiB each by 32 connections, until the service reads no more.
   *
   * @return how many bytes were taken of all of them
   * @throws IOException when a connection cannot be opened
   */
  public static long at(int port, String target, String token) throws IOException {
    byte[] head =
        new Draft("POST", target)
            .header("Authorization: Bearer " + token)
            .header("Content-Type: application/json")
            .header("Transfer-Encoding: chunked")
            .unmeasured(new byte[0])
            .wire();
    try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
      List<Future<Long>> sent = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        sent.add(senders.submit(() -> send(port, head)));
      }
      long bytes = 0;
      for (Future<Long> each : sent) {
        bytes += each.get();
      }
      return bytes;
    } catch (ExecutionException e) {
      throw new IOException("the flood failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static long send(int port, byte[] head) throws IOException {
    byte[] chunk =
        (Integer.toHexString(PIECE_BYTES) + "\r\n" + "[".repeat(PIECE_BYTES) + "\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    long bytes = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(head);
      for (int i = 0; i < PIECES; i++) {
        if (!written(out, chunk)) {
          return bytes;
        }
        bytes += PIECE_BYTES;
      }
    }
    return bytes;
  }

  /** The service closes the connection when it has had enough. */
  private static boolean written(OutputStream out, byte[] chunk) {
    try {
      out.write(chunk);
      return true;
    } catch (IOException closed) {
      return false;
    }
  }
}
