package dev.dome.migrations;

import java.net.URI;

/** One database and somebody who may enter it. */
public record Database(String host, int port, String name, String user, String password) {

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
    return "jdbc:postgresql://" + host + ":" + port + "/" + name;
  }

  /** The address as {@link #of} takes it. */
  public String url() {
    return "postgresql://" + host + ":" + port + "/" + name;
  }

  public Database named(String other) {
    return new Database(host, port, other, user, password);
  }

  @Override
  public String toString() {
    return jdbcUrl() + " as " + user;
  }
}
