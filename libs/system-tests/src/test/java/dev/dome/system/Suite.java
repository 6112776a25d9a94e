package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.Patience;
import dev.dome.cli.admin.LiveSystem;
import dev.dome.cli.admin.LiveVerification;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.AnswerLog;
import dev.dome.client.DomeClient;
import dev.dome.client.RetryPolicy;
import dev.dome.contracts.Json;
import dev.dome.devstack.LocalStack;
import dev.dome.devstack.Progress;
import dev.dome.verification.invariant.AnswerInvariants;
import dev.dome.verification.invariant.InvariantReport;
import dev.dome.verification.invariant.PlantedSecrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One local stack with two controller replicas, shared by every test class of this module and
 * stopped after the last. After each class the invariants must hold of every run it made.
 */
final class Suite implements ParameterResolver, AfterAllCallback {
  static final String NAMESPACE = "default";

  /**
   * Has the profiles of ssot's example, and one more that lets a human decide nearly everything.
   */
  static final String PROFILED = "profiled";

  private static final Duration VERIFY_AT_MOST = Duration.ofMinutes(5);

  static {
    // What is so already is not waited for, of hundreds of runs one by one.
    Awaitility.setDefaultPollDelay(Duration.ZERO);
  }

  /**
   * What the tests drive.
   *
   * @param spans what the services export; only traces with a very small id
   * @param verified runs whose invariants were checked after an earlier class
   * @param answers what every client saw
   */
  record Running(LocalStack stack, OtlpReceiver spans, Set<String> verified, Answers answers)
      implements AutoCloseable {
    String token(String subject, String... roles) {
      return stack.issuer().mint(subject, Map.of(NAMESPACE, List.of(roles)), Duration.ofHours(1));
    }

    DomeClient client(String subject, String... roles) {
      String token = token(subject, roles);
      return DomeClient.of(URI.create(stack.apiUrl()), NAMESPACE, () -> token)
          .recording(answers.log(), subject);
    }

    /** A client that takes the first answer for the last. */
    DomeClient impatient(String subject, String... roles) {
      String token = token(subject, roles);
      RetryPolicy never = RetryPolicy.DEFAULT.within(Duration.ZERO);
      return DomeClient.of(URI.create(stack.apiUrl()), NAMESPACE, () -> token, never)
          .recording(answers.log(), subject);
    }

    private DomeClient auditorOf(String namespace) {
      String token =
          stack
              .issuer()
              .mint("auditor", Map.of(namespace, List.of("auditor")), Duration.ofHours(1));
      return DomeClient.of(URI.create(stack.apiUrl()), namespace, () -> token);
    }

    private void verify() {
      InvariantReport report = verified(List.of());
      assertThat(report.violations()).as("invariants after this class").isEmpty();
      answers.begin();
    }

    /**
     * Holds the runs that are new, and those that an answer names, against the invariants, with the
     * whole database and every stream.
     */
    InvariantReport verified(List<String> planted) {
      try (DomeClient client = auditorOf(NAMESPACE);
          DomeClient dome = auditorOf(ServerOption.SYSTEM_NAMESPACE)) {
        LiveSystem system = new LiveSystem(client, dome);
        List<LiveSystem.Listed> runs = new ArrayList<>();
        system.runs(run -> {
          if (verified.add(run.runId().value())) {
            runs.add(run);
          }
        });
        return LiveVerification.run(
            system,
            new LiveVerification.Scope(
                Optional.of(runs),
                new PlantedSecrets(planted),
                Optional.of(AnswerInvariants.read(answers.file(), NAMESPACE)),
                Optional.of(answers.directory().resolve("services")),
                Optional.of(stack.infrastructure().postgres().orElseThrow().admin()),
                Optional.of(stack.connections().natsUrl())),
            Patience.whileSomethingComes(VERIFY_AT_MOST, line -> {}),
            (done, of) -> {});
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      stack.close();
      answers.close();
      spans.close();
    }
  }

  /** The answers of the class under way. */
  static final class Answers implements AutoCloseable {
    private final Path directory;
    private int number;
    private AnswerLog log;

    Answers(Path directory) {
      this.directory = directory;
      begin();
    }

    /** Begins a file for the next class. */
    void begin() {
      close();
      number++;
      try {
        log = AnswerLog.to(file());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Path directory() {
      return directory;
    }

    Path file() {
      return directory.resolve("answers-" + number + ".jsonl");
    }

    AnswerLog log() {
      return log;
    }

    @Override
    public void close() {
      try {
        if (log != null) {
          log.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Running.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return running(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    running(context).verify();
  }

  private static Running running(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(Suite.class))
        .computeIfAbsent(Running.class, key -> start(), Running.class);
  }

  private static Running start() {
    try {
      // A short path: a server may put a socket there.
      Path directory = Files.createTempDirectory("dome-suite");
      OtlpReceiver spans = OtlpReceiver.start();
      LocalStack stack =
          LocalStack.start(
              LocalStack.Options.in(directory)
                  .withControllers(2)
                  .withEnvironment(environment(spans))
                  .withEnvironmentOf(
                      Map.of(
                          "ingest",
                          Map.of("DOME_PROFILES_ROOT", profiles(directory).toString()),
                          // What was purged is looked at once a minute, which a test would wait
                          // for.
                          "provenance",
                          Map.of("DOME_PROVENANCE_AUDIT_EXPORT_SWEEP", "5s"))),
              Progress.silent());
      // Tests start services some sixty times more.
      stack.keepClasses();
      return new Running(stack, spans, new HashSet<>(), new Answers(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path profiles(Path directory) throws IOException {
    Path example = Path.of(System.getProperty("dome.root"), "ssot/examples/runtime.config.json");
    ObjectNode config = Json.read(Files.readAllBytes(example), ObjectNode.class);
    ObjectNode profiles = config.withObject("/profiles");
    ObjectNode careful = profiles.withObject("/standard").deepCopy();
    careful.withObject("/budgets").put("risk_threshold", 10);
    profiles.set("careful", careful);
    Path root = Files.createDirectories(directory.resolve("profiles"));
    Files.write(root.resolve(PROFILED + ".json"), Json.write(config));
    return root;
  }

  /** Traces of so small a share that no other test pays for it; a test names ids that are in it. */
  private static Map<String, String> environment(OtlpReceiver spans) {
    return Map.of(
        "DOME_BREAKER_OPEN",
        "8s",
        "DOME_OTLP_ENDPOINT",
        spans.url(),
        "DOME_OTLP_PROTOCOL",
        "http/protobuf",
        "DOME_TRACE_RATIO",
        Double.toString(OtlpReceiver.RATIO),
        "QUARKUS_OTEL_BSP_SCHEDULE_DELAY",
        "500ms");
  }
}
