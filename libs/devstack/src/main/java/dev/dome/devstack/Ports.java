package dev.dome.devstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports of the loopback interface. */
public final class Ports {
  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 65_535;
  private static final int ATTEMPTS = 1_000;
  private static final Ephemeral EPHEMERAL = Ephemeral.ofThisMachine();
  private static final Set<Integer> HANDED_OUT = new HashSet<>();

  private Ports() {}

  /**
   * A port that was free a moment ago; nobody holds it for the caller. It is given out once in the
   * life of this JVM, and lies outside the range from which the kernel takes the near end of
   * outgoing connections: otherwise any client of this machine could be sitting on it when the
   * server comes to listen, or while the server is away.
   */
  public static int free() {
    synchronized (HANDED_OUT) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
        if (!EPHEMERAL.contains(port) && isFree(port) && HANDED_OUT.add(port)) {
          return port;
        }
      }
    }
    throw new DevstackException("no free TCP port on the loopback interface outside " + EPHEMERAL);
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
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The near ends of outgoing connections, both inclusive. */
  private record Ephemeral(int low, int high) {
    private static final Path LINUX = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    /** What IANA sets aside for it (RFC 6335, section 6), where the kernel does not say. */
    private static final Ephemeral IANA = new Ephemeral(49_152, HIGHEST);

    static Ephemeral ofThisMachine() {
      try {
        // In one read: the kernel answers a second one with the end of the file.
        String[] bounds = Files.readAllLines(LINUX).getFirst().split("\\s+", -1);
        return new Ephemeral(Integer.parseInt(bounds[0]), Integer.parseInt(bounds[1])).orRoom();
      } catch (IOException e) {
        return IANA;
      }
    }

    /** Nothing, on a machine that keeps next to every port for outgoing connections. */
    private Ephemeral orRoom() {
      boolean room = low - LOWEST >= ATTEMPTS || HIGHEST - high >= ATTEMPTS;
      return room ? this : new Ephemeral(0, 0);
    }

    boolean contains(int port) {
      return low <= port && port <= high;
    }

    @Override
    public String toString() {
      return "the kernel's own " + low + "-" + high;
    }
  }
}
