package dev.dome.devstack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/** What a service says about its readiness. */
final class ServiceHealth {
  private static final String PROCESS = "process";

  private ServiceHealth() {}

  /**
   * Whether the process of the pid answers there that it is ready. Another process that holds the
   * port, of another installation for example, does not count: it knows neither these keys nor
   * these servers.
   */
  static boolean ready(String baseUrl, long pid) {
    try {
      var connection =
          (HttpURLConnection) URI.create(baseUrl + "/q/health/ready").toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(5000);
      if (connection.getResponseCode() != 200) {
        return false;
      }
      try (InputStream body = connection.getInputStream()) {
        return answeringPid(Json.mapper().readTree(body)) == pid;
      }
    } catch (IOException e) {
      return false;
    }
  }

  /** The pid among the checks, or -1 when the answer is not one of dome's services. */
  private static long answeringPid(JsonNode health) {
    for (var check : health.path("checks")) {
      if (check.path("name").asText().equals(PROCESS)) {
        return check.path("data").path("pid").asLong(-1);
      }
    }
    return -1;
  }
}
