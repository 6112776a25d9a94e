package dev.dome.cli.security;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.security.BadInput.Draft;
import dev.dome.cli.security.RawHttp.Answer;
import dev.dome.contracts.Json;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.LocalStack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Sends services what is nearly a request, made from the contracts. A service may take it, refuse
 * it or close the connection; it may not fail, nor tell of its inside.
 */
public final class HttpFuzz {
  private static final int MAX_FINDINGS = 10;

  private HttpFuzz() {}

  /**
   * What came of it.
   *
   * @param sent requests
   * @param answered those that got an answer at all
   * @param findings requests in hexadecimal, each with what is wrong with its answer
   */
  public record Report(long sent, long answered, List<String> findings) {}

  /**
   * Sends requests of one seed to every service in turn.
   *
   * @param root of the repository with the contracts
   * @param token of somebody with every role, or most requests would end there
   * @throws IOException when a service cannot be reached or falls silent
   */
  public static Report run(
      LocalStack stack, Path root, String namespace, String token, long seed, Duration time)
      throws IOException {
    long end = System.nanoTime() + time.toNanos();
    long sent = 0;
    long answered = 0;
    List<String> findings = new ArrayList<>();
    List<Target> targets = targets(stack, root, namespace, token, seed);
    while (System.nanoTime() < end && findings.size() < MAX_FINDINGS) {
      Target target = targets.get((int) (sent % targets.size()));
      byte[] wire = target.mutator().next();
      Answer answer = target.send(wire);
      sent++;
      answered += answer.status() == 0 ? 0 : 1;
      objection(answer)
          .ifPresent(objection ->
              findings.add(target.name() + " " + objection + " " + HexFormat.of().formatHex(wire)));
    }
    return new Report(sent, answered, List.copyOf(findings));
  }

  private record Target(String name, int port, Mutator mutator) {
    /** What is left of a request would be the beginning of the next, so each has a connection. */
    Answer send(byte[] wire) throws IOException {
      try (RawHttp http = new RawHttp(port)) {
        return http.sendAnything(wire);
      }
    }
  }

  private static List<Target> targets(
      LocalStack stack, Path root, String namespace, String token, long seed) {
    List<Target> targets = new ArrayList<>();
    for (DomeService service : DomeService.values()) {
      List<byte[]> sound = new ArrayList<>();
      for (ApiOperation operation : ApiOperation.all(root)) {
        if (operation.owner() == service) {
          sound.add(request(operation, namespace, token));
        }
      }
      targets.add(
          new Target(
              service.serviceName(),
              stack.service(service).orElseThrow().port(),
              new Mutator(seed + targets.size(), sound)));
    }
    return targets;
  }

  private static byte[] request(ApiOperation operation, String namespace, String token) {
    String target =
        operation
            .path()
            .replace("{ns}", namespace)
            .replace("{namespace}", namespace)
            .replace("{lane}", "0")
            .replace("{attempt}", "att-0001-" + "0".repeat(32))
            .replaceAll("\\{[a-z0-9_]+}", "absent");
    Draft draft = new Draft(operation.method(), target);
    draft.header("Connection: close").header("Authorization: Bearer " + token);
    Optional<ObjectNode> body = operation.json();
    return body.isPresent()
        ? draft.body("application/json", Json.write(body.get())).wire()
        : draft.wire();
  }

  private static Optional<String> objection(Answer answer) {
    boolean failed = answer.status() >= 500 && answer.status() != 501 && answer.status() != 505;
    if (failed) {
      return Optional.of("answered " + answer.status());
    }
    return BadInput.tellsOfTheInside(answer.body())
        ? Optional.of("tells of its inside: " + answer.status())
        : Optional.empty();
  }

  /** A request from a finding's hexadecimal digits, to be sent again. */
  public static Optional<String> again(int port, String hex) throws IOException {
    try (RawHttp http = new RawHttp(port)) {
      return objection(http.sendAnything(HexFormat.of().parseHex(hex)));
    }
  }
}
