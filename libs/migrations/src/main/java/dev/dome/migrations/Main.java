package dev.dome.migrations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The migration as a job of its own, for a Kubernetes Job or a pipeline. Reads {@code DOME_PG_URL},
 * {@code DOME_PG_ADMIN_USER} and {@code DOME_PG_ADMIN_PASSWORD}, and per service {@code
 * DOME_PG_<SERVICE>_PASSWORD}, such as {@code DOME_PG_STATE_CONTROLLER_PASSWORD}; each password may
 * be given as {@code …_FILE} instead. {@code DOME_AUDIT_RETENTION_CLASSES} says how long the audit
 * keeps what. With {@code DOME_PG_CA_FILE} the server is verified against these certificates. Exit
 * code 0 when the schemas are current, 1 otherwise.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    run(System.getenv());
  }

  /**
   * Migrates what the environment names.
   *
   * @throws IllegalArgumentException when a variable is missing
   */
  public static void run(Map<String, String> environment) {
    var unverified =
        Database.of(
            required(environment, "DOME_PG_URL"),
            required(environment, "DOME_PG_ADMIN_USER"),
            secret(environment, "DOME_PG_ADMIN_PASSWORD")
                .orElseThrow(() -> missing("DOME_PG_ADMIN_PASSWORD")));
    var admin =
        Optional.ofNullable(environment.get("DOME_PG_CA_FILE"))
            .map(file -> unverified.verifiedBy(Path.of(file)))
            .orElse(unverified);
    Migrations.createDatabase(admin, admin.name());
    Migrations.migrate(admin, passwords(environment), RetentionClasses.of(environment));
  }

  /** The services' passwords that the environment gives. */
  public static Map<ServiceSchema, String> passwords(Map<String, String> environment) {
    var passwords = new EnumMap<ServiceSchema, String>(ServiceSchema.class);
    for (var schema : ServiceSchema.values()) {
      secret(environment, "DOME_PG_" + schema.name() + "_PASSWORD")
          .ifPresent(password -> passwords.put(schema, password));
    }
    return passwords;
  }

  private static Optional<String> secret(Map<String, String> environment, String name) {
    var file = environment.get(name + "_FILE");
    if (file == null) {
      return Optional.ofNullable(environment.get(name));
    }
    try {
      return Optional.of(Files.readString(Path.of(file)).strip());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String required(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).orElseThrow(() -> missing(name));
  }

  private static IllegalArgumentException missing(String name) {
    return new IllegalArgumentException("set " + name);
  }
}
