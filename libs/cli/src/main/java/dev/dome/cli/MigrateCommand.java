package dev.dome.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Brings a database to this version's schemas. */
@Command(
    name = "migrate",
    description = {
      "Brings a PostgreSQL database to this version's schemas and roles. Reads DOME_PG_URL,",
      "DOME_PG_ADMIN_USER, DOME_PG_ADMIN_PASSWORD and DOME_PG_<SERVICE>_PASSWORD such as",
      "DOME_PG_AUDIT_EXPORT_PASSWORD (each password also as …_FILE). With DOME_PG_CA_FILE the",
      "server is verified against these certificates. DOME_AUDIT_RETENTION_CLASSES says for how",
      "many days the audit keeps what, such as standard=forever,short=30. ./dome up does this",
      "itself."
    },
    mixinStandardHelpOptions = true)
final class MigrateCommand implements Callable<ExitCode> {
  @Override
  public ExitCode call() {
    try {
      dev.dome.migrations.Main.run(System.getenv());
    } catch (IllegalArgumentException e) {
      throw new CliException(ExitCode.USAGE, e.getMessage(), "./dome migrate --help");
    }
    return ExitCode.OK;
  }
}
