package dev.dome.retryscheduler.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.retryscheduler.webhook.Destinations.Checked;
import dev.dome.retryscheduler.webhook.Destinations.Destination;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {
  private static final Map<String, List<String>> NAMES =
      Map.of(
          "ci.example.org", List.of("93.184.216.34", "2606:2800:220:1::1"),
          "inside.example.org", List.of("10.1.2.3"),
          "mixed.example.org", List.of("93.184.216.34", "127.0.0.1"),
          "metadata.example.org", List.of("169.254.169.254"),
          "localhost", List.of("127.0.0.1"),
          "trusted.internal", List.of("10.1.2.3"),
          "127.0.0.1", List.of("127.0.0.1"),
          "93.184.216.34", List.of("93.184.216.34"),
          "::1", List.of("::1"));

  private final List<String> asked = new ArrayList<>();
  private final Destinations destinations =
      new Destinations(
          this::resolve, new Destinations.Rules(Set.of(443, 8443), Set.of("trusted.internal")));

  @Test
  void aNameIsResolvedOnceAndItsAddressIsWhereItGoes() throws Exception {
    assertThat(destinations.check("https://CI.example.org/hooks/dome?x=1%202"))
        .isEqualTo(
            new Checked.Allowed(
                new Destination(
                    "ci.example.org",
                    InetAddress.getByName("93.184.216.34"),
                    443,
                    true,
                    "/hooks/dome?x=1%202")));
    assertThat(asked).containsExactly("ci.example.org");
    assertThat(destinations.check("https://93.184.216.34:8443"))
        .isInstanceOf(Checked.Allowed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://ci.example.org/",
        "ftp://ci.example.org/",
        "file:///etc/passwd",
        "https:ci.example.org",
        "//ci.example.org/",
        "https://",
        "https://ci.example.org:22/",
        "https://ci.example.org:80/",
        "https://user:password@ci.example.org/",
        "https://ci.example.org/#part",
        "https://ci.example.org\\@inside.example.org/",
        "https://inside.example.org/",
        "https://mixed.example.org/",
        "https://metadata.example.org/latest/meta-data/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "not a url",
        ""
      })
  void whatLeadsElsewhereIsForbidden(String url) {
    assertThat(destinations.check(url)).as(url).isInstanceOf(Checked.Forbidden.class);
  }

  @Test
  void aHostThatTheOperatorTrustsMayBeAnywhere() {
    assertThat(destinations.check("http://trusted.internal:9000/x"))
        .isInstanceOf(Checked.Allowed.class);
    assertThat(destinations.check("ftp://trusted.internal/")).isInstanceOf(Checked.Forbidden.class);
    assertThat(destinations.check("http://trusted.internal.example.org/"))
        .isInstanceOf(Checked.Forbidden.class);
  }

  @Test
  void aHostWithoutAnAddressIsUnknown() {
    assertThat(destinations.check("https://nowhere.example.org/")).isEqualTo(new Checked.Unknown());
  }

  private List<InetAddress> resolve(String host) throws UnknownHostException {
    asked.add(host);
    List<InetAddress> addresses = new ArrayList<>();
    for (String address : NAMES.getOrDefault(host, List.of())) {
      addresses.add(InetAddress.getByName(address));
    }
    if (addresses.isEmpty()) {
      throw new UnknownHostException(host);
    }
    return addresses;
  }
}
