package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.cli.security.BadInputTable;
import dev.dome.cli.security.Kept;
import dev.dome.migrations.Database;
import dev.dome.system.Suite.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of every contract refuses all that design 05 lists, and keeps none of it. */
@ExtendWith(Suite.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTableTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final List<String> ROLES =
      List.of("submitter", "worker", "approver", "operator", "auditor");

  private final Running suite;
  private final String namespace = Documents.freshId("bad");
  private final String token;
  private final BadInputTable table;

  BadInputTableTest(Running suite) {
    this.suite = suite;
    this.token =
        suite
            .stack()
            .issuer()
            .mint("mallory", Map.of(namespace, ROLES, "dome-system", ROLES), Duration.ofHours(1));
    this.table = new BadInputTable(suite.stack(), ROOT, namespace, token);
  }

  static List<String> operations() {
    return BadInputTable.operations(ROOT);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void whatMustBeRefusedIs(String operation) throws IOException {
    assertThat(table.attack(operation)).isEmpty();
  }

  @AfterAll
  void nothingIsKept(TestReporter reporter) {
    table
        .rows()
        .forEach(row ->
            reporter.publishEntry(row.kind(), row.refused() + " of " + row.sent() + " refused"));
    Database admin = suite.stack().infrastructure().postgres().orElseThrow().admin();
    assertThat(Kept.of(namespace, admin, suite.stack().connections().natsUrl())).isEmpty();
  }
}
