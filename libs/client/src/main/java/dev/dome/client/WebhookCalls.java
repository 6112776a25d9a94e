package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Who outside is told of a namespace's events. */
public final class WebhookCalls {
  private final Transport transport;
  private final String path;
  private final RetryPolicy retry;

  WebhookCalls(Transport transport, String path, RetryPolicy retry) {
    this.transport = transport;
    this.path = path;
    this.retry = retry;
  }

  /**
   * Has a URL told of events. It is asked for once and never repeated: after an unknown outcome
   * there may be a webhook whose secret nobody was told, which the list shows.
   *
   * @param topics all of them when empty
   * @param secret of Standard Webhooks, or null to have one made
   * @return the webhook with its secret, which is not shown again
   */
  public JsonNode add(String url, List<String> topics, String secret) {
    ObjectNode body = Json.mapper().createObjectNode().put("url", url);
    if (!topics.isEmpty()) {
      body.set("topics", Json.tree(topics));
    }
    if (secret != null) {
      body.put("secret", secret);
    }
    return transport.send(Call.post(path, body, retry.within(Duration.ZERO))).body();
  }

  public JsonNode list() {
    return transport.send(Call.get(path, retry)).body();
  }

  /** Removes a webhook with all its deliveries. */
  public void delete(String webhookId) {
    transport.send(Call.delete(path + "/" + DomeClient.segment(webhookId), retry));
  }

  /**
   * One page of what a webhook was told, the latest first.
   *
   * @param parameters status, cursor and page_size, each optional
   */
  public JsonNode deliveries(String webhookId, Map<String, String> parameters) {
    String query = parameters.isEmpty() ? "" : "?" + DomeClient.query(parameters);
    return transport.send(Call.get(deliveriesPath(webhookId) + query, retry)).body();
  }

  /** Makes a delivery anew that has ended. */
  public JsonNode redeliver(String webhookId, String deliveryId) {
    String resource =
        deliveriesPath(webhookId) + "/" + DomeClient.segment(deliveryId) + "/redeliver";
    return transport.send(Call.post(resource, Map.of(), retry)).body();
  }

  private String deliveriesPath(String webhookId) {
    return path + "/" + DomeClient.segment(webhookId) + "/deliveries";
  }
}
