package dev.dome.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Subjects;
import dev.dome.devstack.StackState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;

/** What a NATS server tells of itself on its monitoring port. */
final class NatsMonitor implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final String url;

  NatsMonitor(StackState state) {
    this.url = state.natsMonitorUrl();
  }

  JsonNode server() throws IOException, InterruptedException {
    return read("/varz");
  }

  /** Journal messages that a service's consumers have not taken or not acknowledged, by service. */
  Map<String, Long> journalLag() throws IOException, InterruptedException {
    Map<String, Long> behind = new TreeMap<>();
    for (JsonNode account : read("/jsz?consumers=1").path("account_details")) {
      for (JsonNode stream : account.path("stream_detail")) {
        if (stream.path("name").asText().equals(Subjects.JOURNAL_STREAM)) {
          stream
              .path("consumer_detail")
              .forEach(
                  consumer -> behind.merge(service(consumer), unacknowledged(consumer), Long::sum));
        }
      }
    }
    return behind;
  }

  private static String service(JsonNode consumer) {
    return consumer.path("name").asText().replaceFirst("-lane-\\d+$", "");
  }

  private static long unacknowledged(JsonNode consumer) {
    return consumer.path("num_pending").asLong() + consumer.path("num_ack_pending").asLong();
  }

  private JsonNode read(String path) throws IOException, InterruptedException {
    return Json.mapper()
        .readTree(
            client
                .send(
                    HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString())
                .body());
  }

  @Override
  public void close() {
    client.close();
  }
}
