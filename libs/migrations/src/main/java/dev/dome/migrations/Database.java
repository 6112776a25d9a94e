package dev.dome.migrations;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One database and somebody who may enter it.
 *
 * @param authority certificates in PEM that the server is verified against; without one the
 *     connection is encrypted where the server offers it, and the server is not verified
 */
public record Database(
    String host, int port, String name, String user, String password, Optional<Path> authority) {

  public Database(String host, int port, String name, String user, String password) {
    this(host, port, name, user, password, Optional.empty());
  }

  /**
   * From the reactive client's form of an address, {@code postgresql://host:port/database}.
   *
   * @throws IllegalArgumentException when it has another form
   */
  public static Database of(String url, String user, String password) {
    var uri = URI.create(url);
    if (!"postgresql".equals(uri.getScheme())
        || uri.getHost() == null
        || uri.getPath().length() < 2) {
      throw new IllegalArgumentException(
          "expected postgresql://host:port/database but the address is " + url);
    }
    var port = uri.getPort() < 0 ? 5432 : uri.getPort();
    return new Database(uri.getHost(), port, uri.getPath().substring(1), user, password);
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + name + verification();
  }

  private String verification() {
    return authority
        .map(file ->
            "?sslmode=verify-full&sslrootcert="
                + URLEncoder.encode(file.toString(), StandardCharsets.UTF_8))
        .orElse("");
  }

  /** The same, with the server verified against these certificates. */
  public Database verifiedBy(Path certificates) {
    return new Database(host, port, name, user, password, Optional.of(certificates));
  }

  /** The address as {@link #of} takes it. */
  public String url() {
    return "postgresql://" + host + ":" + port + "/" + name;
  }

  public Database named(String other) {
    return new Database(host, port, other, user, password, authority);
  }

  @Override
  public String toString() {
    return jdbcUrl() + " as " + user;
  }
}
