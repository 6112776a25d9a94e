package dev.dome.retryscheduler.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where a webhook may lead. A name is resolved once, all its addresses are looked at, and the
 * connection goes to one of those: whoever owns the name cannot answer differently in between.
 */
public final class Destinations {
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  private final Names names;
  private final Rules rules;

  public Destinations(Names names, Rules rules) {
    this.names = names;
    this.rules = rules;
  }

  /** The resolver of names. */
  @FunctionalInterface
  public interface Names {
    /** At least one address; may block as long as the system's resolver does. */
    List<InetAddress> resolve(String host) throws UnknownHostException;
  }

  /**
   * What the operator allows.
   *
   * @param ports of receivers
   * @param trustedHosts names or addresses that may be reached by http too, at any port and at any
   *     address
   */
  public record Rules(Set<Integer> ports, Set<String> trustedHosts) {
    public Rules {
      ports = Set.copyOf(ports);
      trustedHosts = Set.copyOf(trustedHosts);
    }
  }

  /**
   * Where one request goes.
   *
   * @param host for the Host header and the name in TLS
   * @param address to connect to
   * @param target path and query
   */
  public record Destination(
      String host, InetAddress address, int port, boolean tls, String target) {}

  /** What a look at a URL gives. */
  public sealed interface Checked {
    record Allowed(Destination destination) implements Checked {}

    /** Not to be asked, whatever it resolves to later; {@code expected} says what is wanted. */
    record Forbidden(String expected) implements Checked {}

    /** The host has no address now. */
    record Unknown() implements Checked {}
  }

  /** Looks at a URL; blocks while its name is resolved. */
  public Checked check(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return new Checked.Forbidden("expected a URL");
    }
    return fault(uri).<Checked>map(Checked.Forbidden::new).orElseGet(() -> resolve(uri));
  }

  /** What is wrong with the URL as it is written. */
  private Optional<String> fault(URI uri) {
    boolean https = "https".equalsIgnoreCase(uri.getScheme());
    if (uri.getHost() == null || uri.isOpaque()) {
      return Optional.of("expected an absolute URL with a host");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      return Optional.of("expected a URL without user and fragment");
    }
    if (trusted(uri)) {
      return https || "http".equalsIgnoreCase(uri.getScheme())
          ? Optional.empty()
          : Optional.of("expected https or http");
    }
    if (!https) {
      return Optional.of("expected https");
    }
    return rules.ports().contains(port(uri))
        ? Optional.empty()
        : Optional.of("expected one of the ports " + rules.ports().stream().sorted().toList());
  }

  private Checked resolve(URI uri) {
    String host = host(uri);
    List<InetAddress> addresses;
    try {
      addresses = names.resolve(host);
    } catch (UnknownHostException e) {
      return new Checked.Unknown();
    }
    if (addresses.isEmpty()) {
      return new Checked.Unknown();
    }
    if (!trusted(uri) && !addresses.stream().allMatch(AddressGuard::isPublic)) {
      return new Checked.Forbidden("expected a host with public addresses only");
    }
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    return new Checked.Allowed(new Destination(host, addresses.getFirst(), port(uri), tls, target));
  }

  private boolean trusted(URI uri) {
    return rules.trustedHosts().contains(host(uri));
  }

  /** In lower case; an IPv6 address without its brackets. */
  private static String host(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
  }
}
