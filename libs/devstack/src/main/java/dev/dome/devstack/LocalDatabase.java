package dev.dome.devstack;

import dev.dome.migrations.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The database of a local stack, as its administrator enters it. */
public final class LocalDatabase {
  private LocalDatabase() {}

  /**
   * Where it is; empty when the stack uses somebody else's.
   *
   * @param directory of the stack
   */
  public static Optional<Database> of(Path directory, StackState state) {
    var password = PostgresServer.Options.in(directory.resolve("postgres")).passwordFile();
    return Files.exists(password)
        ? Optional.of(
            Database.of(state.postgresUrl(), PostgresServer.ADMIN, PrivateFiles.password(password)))
        : Optional.empty();
  }
}
