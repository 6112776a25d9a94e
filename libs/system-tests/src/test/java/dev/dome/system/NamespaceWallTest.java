package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.cli.security.NamespaceWall;
import dev.dome.cli.security.NamespaceWall.Neighbour;
import dev.dome.cli.security.NamespaceWall.Stranger;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who has every role in one namespace learns nothing of another: not by its paths, not by its ids
 * at home, not by its cursors, and not from what is measured or logged.
 */
@ExtendWith(Suite.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamespaceWallTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final List<String> ROLES =
      List.of("submitter", "worker", "approver", "operator", "auditor");

  private final Running suite;
  private final String strangers = Documents.freshId("stranger");
  private final OccupiedNamespace occupied;
  private Neighbour neighbour;
  private NamespaceWall wall;

  NamespaceWallTest(Running suite) throws IOException {
    this.suite = suite;
    this.occupied = new OccupiedNamespace(suite.stack());
  }

  @BeforeAll
  void settle() throws Exception {
    neighbour = occupied.settle();
    String token =
        suite.stack().issuer().mint(strangers, Map.of(strangers, ROLES), Duration.ofHours(1));
    wall = new NamespaceWall(suite.stack(), ROOT, neighbour, new Stranger(strangers, token));
  }

  static List<String> operations() {
    return NamespaceWall.operations(ROOT);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aStrangerIsToldAsMuchAsOfNothing(String operation) throws IOException {
    assertThat(wall.leansAgainst(operation)).isEmpty();
  }

  @AfterAll
  void nothingWasTouchedAndNeitherMetricsNorLogsTell() throws Exception {
    try (occupied) {
      occupied.assertUntouched();
      for (ServiceProcess service : suite.stack().services()) {
        String metrics =
            RestAssured.get(service.url() + "/q/metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(neighbour.names()).as(service.name()).noneMatch(metrics::contains);
        assertThat(Files.readString(service.log()).lines())
            .as(service.name())
            .noneMatch(line -> neighbour.names().stream().anyMatch(line::contains));
      }
    }
  }
}
