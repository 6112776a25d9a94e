package dev.dome.contracts.wire;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;

/**
 * Whether somebody was let do something. It names who and what, and holds neither the token nor
 * anything of the request's body, query or free text.
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
    long count) {

  /** The two answers. */
  public enum Effect {
    ALLOW,
    DENY
  }
}
