package dev.dome.contracts.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;

/**
 * Whether somebody was let do something, or what came of it where that was an administrative act.
 * It names who and what, and holds neither the token nor anything of the request's query or free
 * text.
 *
 * @param atMs epoch milliseconds; of the first one when it stands for several
 * @param subject the token's subject; absent when no token was accepted
 * @param source the network address of a caller without a subject; absent otherwise
 * @param operation name of the access table's operation; absent when the refusal came before it was
 *     known
 * @param namespace what the path names, well-formed; it need not exist. Absent outside namespaces
 * @param runId what the path names, well-formed; it need not exist
 * @param reasonCode why not; absent for {@link Effect#ALLOW}
 * @param traceId 32 hex digits of the request's trace; absent when it stands for several
 * @param count how many decisions it stands for, at least 1
 * @param change what was done once it was allowed; absent in the decision itself, which comes
 *     before with the same trace
 */
public record AccessDecision(
    long atMs,
    Effect effect,
    String subject,
    String source,
    String operation,
    NamespaceId namespace,
    RunId runId,
    ReasonCode reasonCode,
    String traceId,
    long count,
    Change change) {

  /** The two answers. */
  public enum Effect {
    ALLOW,
    DENY
  }

  /**
   * What an administrative act left behind.
   *
   * @param kind limit, worker, deployment, breaker, webhook, delivery or streams
   * @param name which one; a secret in it is replaced
   * @param value what it is set to, without secrets; absent when it is no more
   */
  public record Change(String kind, String name, JsonNode value) {}
}
