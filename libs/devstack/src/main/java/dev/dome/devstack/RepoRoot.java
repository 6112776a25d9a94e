package dev.dome.devstack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the repository is that this code was built in. */
public final class RepoRoot {
  private RepoRoot() {}

  /**
   * The system property {@code dome.root} (set by the launcher and by the build's tests), else the
   * nearest folder from here upwards that holds {@code mvnw}, else the current folder.
   */
  public static Path find() {
    var given = Optional.ofNullable(System.getProperty("dome.root")).filter(p -> !p.isBlank());
    if (given.isPresent()) {
      return Path.of(given.get()).toAbsolutePath();
    }
    var here = Path.of("").toAbsolutePath();
    for (var folder = here; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("mvnw")) && Files.exists(folder.resolve("libs"))) {
        return folder;
      }
    }
    return here;
  }
}
