package dev.dome.messaging;

import java.nio.file.Path;
import java.util.List;

/**
 * Whom to connect to, and as whom.
 *
 * @param servers URLs, {@code nats://} or {@code tls://}
 * @param name how this process appears in the server's connection list
 */
public record LinkOptions(
    List<String> servers, String name, Access access, Tls tls, LinkBudget budget) {
  public LinkOptions {
    servers = List.copyOf(servers);
  }

  /** A link without credentials or stores of its own, for localhost. */
  public static LinkOptions of(String servers, String name) {
    return new LinkOptions(
        List.of(servers.split(",", -1)),
        name,
        new Access.Anonymous(),
        new Tls.OfTheUrl(),
        LinkBudget.DEFAULT);
  }

  public LinkOptions with(Access other) {
    return new LinkOptions(servers, name, other, tls, budget);
  }

  public LinkOptions with(Tls other) {
    return new LinkOptions(servers, name, access, other, budget);
  }

  public LinkOptions with(LinkBudget other) {
    return new LinkOptions(servers, name, access, tls, other);
  }

  /** How the process proves who it is. Secrets are read from files, never from a URL. */
  public sealed interface Access {
    record Anonymous() implements Access {}

    /** A credentials file with JWT and NKey seed. */
    record Credentials(Path file) implements Access {}

    /** The password is the file's content, without surrounding white space. */
    record UserPassword(String user, Path passwordFile) implements Access {}
  }

  /** How the connection is encrypted. */
  public sealed interface Tls {
    /** {@code tls://} verifies against the JVM's trust store, {@code nats://} is plain. */
    record OfTheUrl() implements Tls {}

    /** Verifies the server against this PKCS#12 store. */
    record Trust(Path trustStore, Path passwordFile) implements Tls {}

    /** Verifies the server, and presents the key of the second store as client certificate. */
    record Mutual(Path trustStore, Path trustPasswordFile, Path keyStore, Path keyPasswordFile)
        implements Tls {}
  }
}
