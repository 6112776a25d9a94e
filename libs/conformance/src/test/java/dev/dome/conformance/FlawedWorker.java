package dev.dome.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** As little of a worker as keeps a few rules, and breaks the one that its argument names. */
public final class FlawedWorker {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Flaw flaw;

  enum Flaw {
    NONE,
    CLAIMS_ANEW,
    WRONG_FENCE,
    TELLS_TOKEN,
    UNKNOWN_FIELD,
    NO_TOKEN,
    REPEATS_REFUSED,
    OTHER_REPEAT,
    HAMMERS
  }

  private FlawedWorker(Flaw flaw) {
    this.flaw = flaw;
  }

  public static void main(String[] arguments) throws InterruptedException {
    new FlawedWorker(Flaw.valueOf(arguments[0])).work();
  }

  private void work() throws InterruptedException {
    if (flaw == Flaw.TELLS_TOKEN) {
      System.out.println("working with " + System.getenv("DOME_TOKEN"));
    }
    while (true) {
      JsonNode granted = claim();
      for (JsonNode grant : granted.path("tasks")) {
        report(grant);
      }
    }
  }

  private JsonNode claim() throws InterruptedException {
    ObjectNode claim = Json.mapper().createObjectNode();
    claim.put("worker_id", "flawed").put("max_tasks", 1).put("wait_seconds", 5);
    claim.put("claim_id", UUID.randomUUID().toString());
    String path = "queues/" + System.getenv("DOME_QUEUE") + "/claims";
    HttpResponse<byte[]> answer = send(path, claim);
    while (answer == null || answer.statusCode() >= 300) {
      TimeUnit.MILLISECONDS.sleep(flaw == Flaw.HAMMERS ? 20 : 1_000);
      if (flaw == Flaw.CLAIMS_ANEW) {
        claim.put("claim_id", UUID.randomUUID().toString());
      }
      answer = send(path, claim);
    }
    return body(answer);
  }

  private void report(JsonNode grant) throws InterruptedException {
    ObjectNode result = Json.mapper().createObjectNode();
    result.put("artifact_kind", "dome.task.result/v0.2").put("status", "PASS");
    result.set("task_id", grant.path("task_id"));
    result.put("fence", grant.path("fence").asLong() + (flaw == Flaw.WRONG_FENCE ? 1 : 0));
    result.set("notes", grant.at("/inputs/task_spec/inputs/text"));
    if (flaw == Flaw.UNKNOWN_FIELD) {
      result.put("mood", "good");
    }
    String path = "attempts/" + grant.path("attempt_id").asText() + "/result";
    for (int tries = 1; tries < 10; tries++) {
      HttpResponse<byte[]> answer = send(path, result);
      boolean refused = answer != null && answer.statusCode() >= 400 && answer.statusCode() < 500;
      if (answer != null && answer.statusCode() < 300) {
        return;
      }
      if (refused && flaw != Flaw.REPEATS_REFUSED) {
        return;
      }
      if (flaw == Flaw.OTHER_REPEAT) {
        result.put("duration_ms", tries);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** Null when no answer came. */
  private HttpResponse<byte[]> send(String path, JsonNode body) throws InterruptedException {
    String url =
        System.getenv("DOME_URL")
            + "/v1/namespaces/"
            + System.getenv("DOME_NAMESPACE")
            + "/"
            + path;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)));
    if (flaw != Flaw.NO_TOKEN) {
      request.header("Authorization", "Bearer " + System.getenv("DOME_TOKEN"));
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      return null;
    }
  }

  private static JsonNode body(HttpResponse<byte[]> answer) {
    try {
      return Json.mapper().readTree(answer.body());
    } catch (IOException e) {
      throw new IllegalStateException("the suite answers JSON", e);
    }
  }
}
