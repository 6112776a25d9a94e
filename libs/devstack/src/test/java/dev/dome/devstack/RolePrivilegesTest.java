package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.migrations.Migrations;
import dev.dome.migrations.ServiceSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RolePrivilegesTest {
  @Test
  void noRoleReadsAnotherSchemaOrChangesWhatTheAuditHas() throws Exception {
    // A short path: a server may put a socket there.
    Path directory = Files.createTempDirectory("dome-roles");
    Map<ServiceSchema, String> passwords = new EnumMap<>(ServiceSchema.class);
    for (ServiceSchema schema : ServiceSchema.values()) {
      passwords.put(schema, "a-password-of-a-test");
    }
    try (PostgresServer server = PostgresServer.start(PostgresServer.Options.in(directory))) {
      Migrations.migrate(server.admin(), passwords);

      List<RolePrivileges.Attempt> tried = RolePrivileges.tried(server.admin(), passwords);

      assertThat(tried).hasSizeGreaterThan(50).filteredOn(attempt -> !attempt.refused()).isEmpty();
    }
  }
}
