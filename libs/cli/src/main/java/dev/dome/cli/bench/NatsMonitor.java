package dev.dome.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.devstack.StackState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

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
