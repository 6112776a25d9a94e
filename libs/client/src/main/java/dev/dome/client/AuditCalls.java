package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How long the audit keeps what, and what it must not purge. */
public final class AuditCalls {
  /** A purge copies what it keeps. */
  private static final Duration PURGE = Duration.ofMinutes(30);

  private static final Duration WRITE = Duration.ofSeconds(10);

  private final Transport transport;
  private final String path;
  private final RetryPolicy retry;

  AuditCalls(Transport transport, String path, RetryPolicy retry) {
    this.transport = transport;
    this.path = path;
    this.retry = retry;
  }

  /** The class of what begins in the namespace now, and the classes there are. */
  public JsonNode retention() {
    return transport.send(Call.get(path + "retention", retry)).body();
  }

  /** Gives the namespace a class for what begins from now on. */
  public JsonNode setRetention(String retentionClass) {
    return put("retention", Map.of("retention_class", retentionClass));
  }

  /**
   * Places a hold; may be repeated.
   *
   * @param runId the whole namespace where it is empty
   */
  public JsonNode placeHold(
      String holdId, Optional<String> runId, String reason, String authority) {
    ObjectNode body = Json.mapper().createObjectNode();
    runId.ifPresent(run -> body.put("run_id", run));
    return put(hold(holdId), body.put("reason", reason).put("authority", authority));
  }

  /** Lets a hold go; may be repeated. */
  public JsonNode releaseHold(String holdId, String reason) {
    return transport
        .send(Call.post(path + hold(holdId) + "/release", Map.of("reason", reason), retry))
        .body();
  }

  private JsonNode put(String resource, Object body) {
    Payload payload = Payload.json(ClientJson.write(body));
    return transport.send(Call.put(path + resource, payload, WRITE, retry)).body();
  }

  private static String hold(String holdId) {
    return "holds/" + DomeClient.segment(holdId);
  }

  /** What has an end, in all namespaces; for operators and auditors of dome itself. */
  public JsonNode expiring() {
    return transport.send(Call.get("/v1/audit/purges", retry).withTimeout(PURGE)).body();
  }

  /**
   * Removes what has expired of one class and month and is not held; for operators of dome itself.
   *
   * @param month such as 2026-11
   */
  public JsonNode purge(String retentionClass, String month, String reason, String authority) {
    Map<String, String> body =
        Map.of(
            "retention_class", retentionClass,
            "month", month,
            "reason", reason,
            "authority", authority);
    return transport.send(Call.post("/v1/audit/purges", body, retry).withTimeout(PURGE)).body();
  }
}
