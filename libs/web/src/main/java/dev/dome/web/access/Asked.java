package dev.dome.web.access;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.security.Operation;
import dev.dome.security.PatternRedactor;
import dev.dome.security.Redactor;

/**
 * What a request asks for, as far as its path tells. Only text that is a well-formed id is taken
 * over, so that nothing a stranger writes into a path is recorded as it stands.
 *
 * @param operation null while it is not known
 * @param namespace null when the path names none
 * @param runId null when the path names none
 */
public record Asked(Operation operation, NamespaceId namespace, RunId runId) {
  private static final int NAMESPACE = 3;

  /** What somebody asked for is recorded, a secret in the place of a name is not. */
  private static final Redactor REDACTOR = PatternRedactor.standard();

  private static final int COLLECTION = 4;

  /**
   * Reads {@code /v1/namespaces/{ns}/runs/{id}…} and {@code …/audit/exports/{id}}.
   *
   * @param path raw, without the query
   */
  public static Asked of(String path, Operation operation) {
    String[] segments = path.split("/", -1);
    if (segments.length <= NAMESPACE || !segments[2].equals("namespaces")) {
      return new Asked(operation, null, null);
    }
    NamespaceId namespace =
        NamespaceId.PATTERN.matcher(segments[NAMESPACE]).matches()
            ? new NamespaceId(segments[NAMESPACE])
            : null;
    return new Asked(operation, namespace, runId(segments));
  }

  /** The same in a namespace that the path does not name. */
  public Asked in(NamespaceId other) {
    return new Asked(operation, other, runId);
  }

  private static RunId runId(String[] segments) {
    int place =
        switch (segments.length > COLLECTION ? segments[COLLECTION] : "") {
          case "runs" -> COLLECTION + 1;
          case "audit" ->
              // What else the audit has is named by other names than runs.
              segments.length > COLLECTION + 1 && segments[COLLECTION + 1].equals("exports")
                  ? COLLECTION + 2
                  : segments.length;
          default -> segments.length;
        };
    return place < segments.length
            && RunId.PATTERN.matcher(segments[place]).matches()
            && !REDACTOR.secretInId(segments[place])
        ? new RunId(segments[place])
        : null;
  }
}
