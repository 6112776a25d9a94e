package dev.dome.contracts;

import java.nio.file.Path;

/** Where the repository under test lies. */
public final class RepositoryRoot {
  private RepositoryRoot() {}

  public static Path path() {
    return Path.of(System.getProperty("dome.root"));
  }
}
