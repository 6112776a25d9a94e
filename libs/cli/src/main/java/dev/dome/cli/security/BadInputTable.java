package dev.dome.cli.security;

import dev.dome.cli.security.BadInput.Kind;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.LocalStack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Sends every operation of every contract all that must be refused, at its owner's own port, and
 * what the entrance passes on there too.
 */
public final class BadInputTable {
  private static final String NAMESPACED = "/v1/namespaces/{ns}/";

  private final LocalStack stack;
  private final Map<String, ApiOperation> operations = new LinkedHashMap<>();
  private final String namespace;
  private final String token;
  private final Map<Kind, Integer> sent = new EnumMap<>(Kind.class);
  private final Map<Kind, List<Finding>> wrong = new EnumMap<>(Kind.class);

  /**
   * A table that nothing was sent for yet.
   *
   * @param root of the repository with the contracts
   * @param namespace that nothing else is in
   * @param token of somebody who holds every role in it and in the system's namespace
   */
  public BadInputTable(LocalStack stack, Path root, String namespace, String token) {
    this.stack = stack;
    this.namespace = namespace;
    this.token = token;
    ApiOperation.all(root).forEach(operation -> operations.put(operation.toString(), operation));
  }

  /** A request that was not refused as it should have been. */
  public record Finding(String operation, String input, String objection) {
    @Override
    public String toString() {
      return operation + ": " + input + ": " + objection;
    }
  }

  /**
   * One line of the table.
   *
   * @param sent requests
   * @param refused those that were refused as they should be
   */
  public record Row(String kind, int sent, int refused, List<Finding> findings) {}

  /** Every operation of every contract: its owner, method and path. */
  public static List<String> operations(Path root) {
    return ApiOperation.all(root).stream().map(ApiOperation::toString).toList();
  }

  /**
   * Sends one operation everything, and says what was not refused as it should have been.
   *
   * @throws IOException when a service cannot be reached, or does not answer
   */
  public List<Finding> attack(String name) throws IOException {
    ApiOperation operation = operations.get(name);
    List<Finding> findings = attack(operation, operation.owner());
    if (operation.owner() != DomeService.INGEST && operation.path().startsWith(NAMESPACED)) {
      findings.addAll(attack(operation, DomeService.INGEST));
    }
    return findings;
  }

  private List<Finding> attack(ApiOperation operation, DomeService at) throws IOException {
    List<Finding> findings = new ArrayList<>();
    try (RawHttp http = new RawHttp(stack.service(at).orElseThrow().port())) {
      for (BadInput input : BadInputs.of(operation, at == DomeService.INGEST, namespace, token)) {
        if (at != operation.owner() && input.kind() == Kind.SUITE) {
          // The owner was sent them all, and the entrance passes bodies on as bytes.
          continue;
        }
        sent.merge(input.kind(), 1, Integer::sum);
        input
            .objection(http.send(input.wire()))
            .map(objection ->
                new Finding(operation + " at " + at.serviceName(), input.name(), objection))
            .ifPresent(finding -> {
              findings.add(finding);
              wrong.computeIfAbsent(input.kind(), kind -> new ArrayList<>()).add(finding);
            });
      }
    }
    return findings;
  }

  /** The table so far. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    sent.forEach((kind, count) -> {
      List<Finding> findings = wrong.getOrDefault(kind, List.of());
      rows.add(
          new Row(
              kind.name().toLowerCase(Locale.ROOT) + ": " + kind.title(),
              count,
              count - findings.size(),
              List.copyOf(findings)));
    });
    return rows;
  }
}
