package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private static final int SOON_MS = 300;
  private static final int LATEST_MS = 10_000;

  private ServerSocket server;
  private TcpProxy proxy;
  private Socket client;
  private Socket served;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    proxy = TcpProxy.to(server.getLocalPort());
    client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    served = server.accept();
    client.setSoTimeout(LATEST_MS);
    served.setSoTimeout(LATEST_MS);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    served.close();
    proxy.close();
    server.close();
  }

  private static void send(Socket from, int octet) throws IOException {
    from.getOutputStream().write(octet);
  }

  private static int heard(Socket at) throws IOException {
    return at.getInputStream().read();
  }

  private static void hearsNothing(Socket at) throws IOException {
    at.setSoTimeout(SOON_MS);
    assertThatThrownBy(() -> heard(at)).isInstanceOf(SocketTimeoutException.class);
    at.setSoTimeout(LATEST_MS);
  }

  @Test
  void bytesGoBothWaysAndAnEndIsTold() throws IOException {
    send(client, 1);
    send(served, 2);

    assertThat(heard(served)).isEqualTo(1);
    assertThat(heard(client)).isEqualTo(2);
    served.close();
    assertThat(heard(client)).isEqualTo(-1);
  }

  @Test
  void aPartitionHoldsEverythingBackUntilItHeals() throws IOException {
    proxy.let(TcpProxy.Flow.NEITHER_WAY);
    send(client, 1);
    send(served, 2);

    hearsNothing(served);
    hearsNothing(client);
    proxy.heal();
    assertThat(heard(served)).isEqualTo(1);
    assertThat(heard(client)).isEqualTo(2);
  }

  @Test
  void aPartitionHidesThatAnEndWasClosed() throws IOException {
    proxy.let(TcpProxy.Flow.NEITHER_WAY);
    served.close();

    hearsNothing(client);
    proxy.heal();
    assertThat(heard(client)).isEqualTo(-1);
  }

  @Test
  void oneWayIsOneWay() throws IOException {
    proxy.let(TcpProxy.Flow.TO_SERVER_ONLY);
    send(client, 1);
    send(served, 2);

    assertThat(heard(served)).isEqualTo(1);
    hearsNothing(client);
  }

  @Test
  void theOtherWayIsOneWayToo() throws IOException {
    proxy.let(TcpProxy.Flow.TO_CLIENT_ONLY);
    send(client, 1);
    send(served, 2);

    assertThat(heard(client)).isEqualTo(2);
    hearsNothing(served);
  }

  @Test
  void aForgottenConnectionIsClosedForTheServerAloneUntilItHeals() throws IOException {
    proxy.forgetConnections();

    assertThat(heard(served)).isEqualTo(-1);
    send(client, 1);
    hearsNothing(client);
    try (Socket next = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        Socket nextServed = server.accept()) {
      send(next, 3);
      assertThat(heard(nextServed)).isEqualTo(3);
    }
    proxy.heal();
    assertThat(ends(client)).isTrue();
  }

  private static boolean ends(Socket at) {
    try {
      return heard(at) == -1;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void aSlowServerIsSlow() throws IOException {
    proxy.delay(Duration.ofMillis(SOON_MS));
    long began = System.nanoTime();
    send(served, 2);

    assertThat(heard(client)).isEqualTo(2);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(250));
  }
}
