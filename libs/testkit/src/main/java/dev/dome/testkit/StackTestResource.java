package dev.dome.testkit;

import dev.dome.devstack.DomeService;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Gives a {@code @QuarkusTest} the shared servers, under the names of the service's environment
 * variables ({@code DOME_NATS_URL}, {@code DOME_PG_URL}, …). The argument {@code service} names the
 * service whose database role to use.
 *
 * <pre>{@code
 * @QuarkusTestResource(
 *     value = StackTestResource.class,
 *     initArgs = @ResourceArg(name = "service", value = "state-controller"))
 * }</pre>
 */
public final class StackTestResource implements QuarkusTestResourceLifecycleManager {
  private DomeService service = DomeService.INGEST;

  @Override
  public void init(Map<String, String> arguments) {
    var name = arguments.getOrDefault("service", DomeService.INGEST.serviceName());
    service =
        Arrays.stream(DomeService.values())
            .filter(candidate -> candidate.serviceName().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "expected one of "
                        + Arrays.stream(DomeService.values())
                            .map(DomeService::serviceName)
                            .collect(Collectors.joining(", "))
                        + " but service is "
                        + name));
  }

  @Override
  public Map<String, String> start() {
    return TestStack.shared().configurationOf(service);
  }

  /** The servers are shared by the whole JVM and end with it. */
  @Override
  public void stop() {}
}
