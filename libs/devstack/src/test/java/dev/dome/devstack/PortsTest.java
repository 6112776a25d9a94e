package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PortsTest {
  private static final int MANY = 2_000;

  @Test
  void no_port_is_given_out_twice() {
    Set<Integer> given = new HashSet<>();
    IntStream.range(0, MANY).map(i -> Ports.free()).forEach(given::add);
    assertThat(given).hasSize(MANY);
  }

  /** A client that looks for a server which is away may otherwise end up talking to itself. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void no_outgoing_connection_of_this_machine_starts_at_a_given_port() throws Exception {
    String[] range =
        Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))
            .getFirst()
            .split("\\s+", -1);
    int first = Integer.parseInt(range[0]);
    int last = Integer.parseInt(range[1]);
    for (int i = 0; i < MANY; i++) {
      assertThat(Ports.free()).matches(port -> port < first || port > last, "not of the range");
    }
  }

  @Test
  void a_port_somebody_listens_on_is_not_free() throws Exception {
    try (var taken = new ServerSocket(Ports.free(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(Ports.isFree(taken.getLocalPort())).isFalse();
    }
  }
}
