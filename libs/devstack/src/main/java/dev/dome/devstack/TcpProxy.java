package dev.dome.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP link on the loopback interface that can be disturbed as networks are. What a cut link holds
 * back is delivered when it is open again, as TCP would by its retransmissions; nobody is told of
 * the cut, not even of a connection that was closed meanwhile. Safe for use by several threads.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final ServerSocket listener;
  private final int targetPort;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Flow flow = Flow.BOTH_WAYS;
  private Duration delay = Duration.ZERO;
  private boolean closed;

  /** Which way bytes go. */
  public enum Flow {
    BOTH_WAYS,
    /** A partition. */
    NEITHER_WAY,
    /** The server hears its clients and they do not hear it. */
    TO_SERVER_ONLY,
    /** The clients hear the server and it does not hear them. */
    TO_CLIENT_ONLY;

    private boolean lets(Way way) {
      return switch (this) {
        case BOTH_WAYS -> true;
        case NEITHER_WAY -> false;
        case TO_SERVER_ONLY -> way == Way.TO_SERVER;
        case TO_CLIENT_ONLY -> way == Way.TO_CLIENT;
      };
    }
  }

  private enum Way {
    TO_SERVER,
    TO_CLIENT
  }

  private TcpProxy(ServerSocket listener, int targetPort) {
    this.listener = listener;
    this.targetPort = targetPort;
  }

  /** Listens on a free port and forwards to the other, whether anybody listens there yet or not. */
  public static TcpProxy to(int targetPort) {
    try {
      var proxy =
          new TcpProxy(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), targetPort);
      Thread.ofVirtual().name("tcp-proxy-" + targetPort).start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new DevstackException("no free TCP port for a proxy", e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** From now on bytes go these ways only. */
  public void let(Flow ways) {
    change(() -> flow = ways);
  }

  /** From now on every piece of data, of 64 KiB at most, waits so long on its way to the client. */
  public void delay(Duration perPiece) {
    change(() -> delay = perPiece);
  }

  /**
   * Makes every connection there is half-open: the server sees it closed, the client does not, and
   * what it sends vanishes. New connections are whole. {@link #heal()} resets them, as a server
   * would that hears of a connection it does not know.
   */
  public void forgetConnections() {
    links.forEach(Link::forget);
  }

  /** Undoes every disturbance. */
  public void heal() {
    change(() -> {
      flow = Flow.BOTH_WAYS;
      delay = Duration.ZERO;
    });
    links.stream().filter(link -> link.forgotten).forEach(Link::close);
  }

  /** Connections of clients that are not known to be closed. */
  public int connections() {
    return links.size();
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns when bytes may go the way; false when the proxy was closed meanwhile. */
  private boolean awaitLeave(Way way) throws InterruptedException {
    long waitMs;
    lock.lock();
    try {
      while (!closed && !flow.lets(way)) {
        changed.await();
      }
      if (closed) {
        return false;
      }
      waitMs = way == Way.TO_CLIENT ? delay.toMillis() : 0;
    } finally {
      lock.unlock();
    }
    TimeUnit.MILLISECONDS.sleep(waitMs);
    return true;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var link = new Link(listener.accept());
        links.add(link);
        Thread.ofVirtual().start(link::serve);
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    change(() -> closed = true);
    links.forEach(Link::close);
  }

  /** One client's connection and the one that stands for it at the server. */
  private final class Link {
    private final Socket client;
    private final Socket server = new Socket();
    private volatile boolean forgotten;

    private Link(Socket client) {
      this.client = client;
    }

    private void serve() {
      try {
        if (awaitLeave(Way.TO_SERVER) && connected()) {
          var answers = Thread.ofVirtual().start(() -> pump(server, client, Way.TO_CLIENT));
          pump(client, server, Way.TO_SERVER);
          answers.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        close();
        links.remove(this);
      }
    }

    /** One that was forgotten while it was made goes on as one without a server. */
    private boolean connected() {
      try {
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort), 2_000);
        return true;
      } catch (IOException e) {
        return forgotten;
      }
    }

    /** Until one end closes, which the other is told as soon as bytes may go that way. */
    private void pump(Socket from, Socket to, Way way) {
      var buffer = new byte[BUFFER_BYTES];
      try {
        while (true) {
          var read = readOrEnd(from, buffer);
          if (forgotten && way == Way.TO_CLIENT) {
            return;
          }
          if (!awaitLeave(way) || read < 0) {
            break;
          }
          if (!forgotten) {
            to.getOutputStream().write(buffer, 0, read);
          }
        }
      } catch (IOException e) {
        // The other end has gone; this one is told below.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!forgotten || way == Way.TO_SERVER) {
        close();
      }
    }

    private static int readOrEnd(Socket from, byte[] buffer) {
      try {
        return from.getInputStream().read(buffer);
      } catch (IOException e) {
        return -1;
      }
    }

    private void forget() {
      forgotten = true;
      closeQuietly(server);
    }

    /** With a reset of what the client's end still holds back. */
    private void close() {
      closeQuietly(server);
      closeQuietly(client);
    }

    private static void closeQuietly(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
