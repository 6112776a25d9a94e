package dev.dome.retryscheduler.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Which addresses are on the open internet. Everything else is refused: what a service inside the
 * network reaches and its users do not is what forged requests are after. The source of the ranges
 * are the special-purpose registries of IANA (RFC 6890), and the metadata addresses of clouds.
 */
public final class AddressGuard {
  private static final List<Range> REFUSED_V4 =
      List.of(
          Range.v4(0, 0, 0, 0, 8), // this network
          Range.v4(10, 0, 0, 0, 8), // private
          Range.v4(100, 64, 0, 0, 10), // shared by carriers
          Range.v4(127, 0, 0, 0, 8), // loopback
          Range.v4(168, 63, 129, 16, 32), // metadata of a cloud
          Range.v4(169, 254, 0, 0, 16), // link-local, metadata among it
          Range.v4(172, 16, 0, 0, 12), // private
          Range.v4(192, 0, 0, 0, 24), // protocol assignments
          Range.v4(192, 0, 2, 0, 24), // documentation
          Range.v4(192, 31, 196, 0, 24), // AS112
          Range.v4(192, 52, 193, 0, 24), // AMT
          Range.v4(192, 88, 99, 0, 24), // relays of 6to4
          Range.v4(192, 168, 0, 0, 16), // private
          Range.v4(192, 175, 48, 0, 24), // AS112
          Range.v4(198, 18, 0, 0, 15), // benchmarks
          Range.v4(198, 51, 100, 0, 24), // documentation
          Range.v4(203, 0, 113, 0, 24), // documentation
          Range.v4(224, 0, 0, 0, 4), // multicast
          Range.v4(240, 0, 0, 0, 4)); // reserved, and broadcast

  /** Of IPv6 only global unicast is taken, which leaves out mapped, local and multicast ones. */
  private static final Range GLOBAL_V6 = Range.v6(3, 0x2000);

  private static final List<Range> REFUSED_V6 =
      List.of(
          Range.v6(23, 0x2001, 0), // protocol assignments: Teredo, ORCHID, benchmarks
          Range.v6(32, 0x2001, 0x0db8), // documentation
          Range.v6(16, 0x2002), // 6to4, which holds an IPv4 address
          Range.v6(48, 0x2620, 0x4f, 0x8000), // AS112
          Range.v6(20, 0x3fff, 0)); // documentation

  private AddressGuard() {}

  /** The first bits of an address. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Range(byte[] prefix, int bits) {
    static Range v4(int a, int b, int c, int d, int bits) {
      return new Range(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d}, bits);
    }

    static Range v6(int bits, int... groups) {
      byte[] prefix = new byte[16];
      for (int i = 0; i < groups.length; i++) {
        prefix[2 * i] = (byte) (groups[i] >> 8);
        prefix[2 * i + 1] = (byte) groups[i];
      }
      return new Range(prefix, bits);
    }

    boolean holds(byte[] address) {
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != prefix[i]) {
          return false;
        }
      }
      int rest = bits % 8;
      return rest == 0 || ((address[whole] ^ prefix[whole]) & 0xff) >> (8 - rest) == 0;
    }
  }

  /** Whether a receiver may be there. */
  public static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address
        ? REFUSED_V4.stream().noneMatch(range -> range.holds(bytes))
        : GLOBAL_V6.holds(bytes) && REFUSED_V6.stream().noneMatch(range -> range.holds(bytes));
  }
}
