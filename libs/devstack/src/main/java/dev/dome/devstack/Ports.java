package dev.dome.devstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** TCP ports of the loopback interface. */
public final class Ports {
  private Ports() {}

  /** A port that was free a moment ago; nobody holds it for the caller. */
  public static int free() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new DevstackException("no free TCP port on the loopback interface", e);
    }
  }

  /** The given port, or a free one for 0. */
  static int orFree(int port) {
    return port == 0 ? free() : port;
  }

  /** Whether a server could listen on the port now. */
  public static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      // A server that was killed leaves connections in TIME_WAIT; they do not stop its successor.
      socket.setReuseAddress(true);
      socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
