package dev.dome.cli.security;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.security.BadInput.Draft;
import dev.dome.cli.security.RawHttp.Answer;
import dev.dome.contracts.Json;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.LocalStack;
import dev.dome.devstack.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Sends services what is nearly a request, made from the contracts. A service may take it, refuse
 * it or close the connection; it may not fail, nor tell of its inside.
 */
public final class HttpFuzz {
  private static final int MAX_FINDINGS = 10;

  /** In the place of the token, which is most of a request and would take most of the changes. */
  private static final String TOKEN = "Bearer TOKEN";

  private HttpFuzz() {}

  /**
   * What came of it.
   *
   * @param sent requests
   * @param answers how many there were of each status; 0 is a connection that was closed in silence
   * @param findings requests in hexadecimal, without their token, each with what is wrong with its
   *     answer
   */
  public record Report(long sent, Map<Integer, Long> answers, List<String> findings) {}

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
    Map<Integer, Long> answers = new TreeMap<>();
    List<String> findings = new ArrayList<>();
    List<Target> targets = targets(stack, root, namespace, seed);
    while (System.nanoTime() < end && findings.size() < MAX_FINDINGS) {
      Target target = targets.get((int) (sent % targets.size()));
      byte[] wire = target.mutator().next();
      Answer answer = send(target.port(), wire, token);
      sent++;
      answers.merge(answer.status(), 1L, Long::sum);
      objection(answer)
          .ifPresent(objection ->
              findings.add(target.name() + " " + HexFormat.of().formatHex(wire) + " " + objection));
    }
    return new Report(sent, Map.copyOf(answers), List.copyOf(findings));
  }

  private record Target(String name, int port, Mutator mutator) {}

  /** What is left of a request would be the beginning of the next, so each has a connection. */
  private static Answer send(int port, byte[] wire, String token) throws IOException {
    String text = new String(wire, StandardCharsets.ISO_8859_1).replace(TOKEN, "Bearer " + token);
    try (RawHttp http = new RawHttp(port)) {
      return http.sendAnything(text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static List<Target> targets(LocalStack stack, Path root, String namespace, long seed) {
    List<Target> targets = new ArrayList<>();
    for (DomeService service : DomeService.values()) {
      List<byte[]> sound = new ArrayList<>();
      for (ApiOperation operation : ApiOperation.all(root)) {
        if (operation.owner() == service) {
          sound.add(request(operation, namespace));
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

  private static byte[] request(ApiOperation operation, String namespace) {
    String target =
        operation
            .path()
            .replace("{ns}", namespace)
            .replace("{namespace}", namespace)
            .replace("{lane}", "0")
            .replace("{attempt}", "att-0001-" + "0".repeat(32))
            .replaceAll("\\{[a-z0-9_]+}", "absent");
    Draft draft = new Draft(operation.method(), target);
    draft.header("Connection: close").header("Authorization: " + TOKEN);
    Optional<ObjectNode> body = operation.json();
    return body.isPresent()
        ? draft.body("application/json", Json.write(body.get())).wire()
        : draft.wire();
  }

  /** The HTTP layer itself has no other words for a method or a version that it does not know. */
  private static Optional<String> objection(Answer answer) {
    int status = answer.status();
    boolean fine =
        status == 0 || status / 100 == 2 || status / 100 == 4 || status == 501 || status == 505;
    if (!fine) {
      return Optional.of("answered " + status);
    }
    return BadInput.tellsOfTheInside(answer.body())
        ? Optional.of("tells of its inside: " + status)
        : Optional.empty();
  }

  /**
   * Sends what was found once again.
   *
   * @param finding the service's name and the request in hexadecimal
   */
  public static Optional<String> again(LocalStack stack, String token, String finding)
      throws IOException {
    String[] parts = finding.split(" ", 2);
    ServiceProcess service =
        stack.services().stream()
            .filter(one -> one.name().equals(parts[0]))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no service " + parts[0]));
    return objection(send(service.port(), HexFormat.of().parseHex(parts[1]), token));
  }
}
