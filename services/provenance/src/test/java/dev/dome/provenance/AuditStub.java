package dev.dome.provenance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** The audit's tombstones: of a run, and of a month's access decisions. */
public final class AuditStub implements QuarkusTestResourceLifecycleManager {
  private HttpServer server;

  static ObjectNode ofRun() {
    ObjectNode document = common("RUN").put("run_id", "golden-approve").put("run_uid", "u-1");
    document.put("first_sequence", 1).put("last_sequence", 24).put("head_hash", "b".repeat(64));
    return document.put("prev_hash", "0".repeat(64)).put("chained", true).put("records", 24);
  }

  static ObjectNode ofDecisions() {
    return common("ACCESS").put("records", 7);
  }

  private static ObjectNode common(String kind) {
    ObjectNode document = Json.mapper().createObjectNode().put("kind", kind);
    document.put("namespace", GoldenLane.NAMESPACE).put("records_sha256", "a".repeat(64));
    document.put("retention_class", "short").put("days", 30).put("month", "2026-08");
    document.put("first_at", "2026-08-01T00:00:00.000Z").put("last_at", "2026-08-02T00:00:00.000Z");
    document.put("purged_at", "2026-10-01T00:00:00.000Z").put("purged_by", "olga");
    return document.put("authority", "the court of X").put("reason", "told to");
  }

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/audit/all-tombstones", AuditStub::answer);
    server.start();
    return Map.of(
        "DOME_AUDIT_EXPORT_URL",
        "http://localhost:" + server.getAddress().getPort(),
        "dome.provenance.audit-export.sweep",
        "200ms");
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    int from = Integer.parseInt(query.replaceAll(".*from=([0-9]+).*", "$1"));
    List<ObjectNode> documents = List.of(ofRun(), ofDecisions());
    ObjectNode page = Json.mapper().createObjectNode();
    page.putArray("items");
    for (int index = from; index < documents.size(); index++) {
      ObjectNode item = page.withArray("items").addObject().put("index", index);
      item.put("digest", CanonicalJson.sha256(documents.get(index)));
      item.set("document", documents.get(index));
    }
    byte[] body = Json.write(page);
    exchange.sendResponseHeaders(200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
  }
}
