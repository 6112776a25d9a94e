package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.SeenAnswer;
import dev.dome.contracts.wire.SeenAnswer.Granted;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A file of what every try of every write came to, one JSON object a line, which {@code dome admin
 * verify --answers} holds against the record. Bodies are not kept, only their digests. Safe for use
 * by many threads and many clients.
 */
public final class AnswerLog implements AutoCloseable {
  private static final byte[] NOTHING = {};
  private final OutputStream out;

  private AnswerLog(OutputStream out) {
    this.out = out;
  }

  /**
   * A log that adds to a file.
   *
   * @throws IOException when it cannot be opened for writing
   */
  public static AnswerLog to(Path file) throws IOException {
    return new AnswerLog(
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /** Writes that one principal sends to one namespace. */
  Pen pen(String namespace, String principal) {
    return new Pen(new NamespaceId(namespace), principal);
  }

  private void add(SeenAnswer seen) {
    byte[] text = Json.write(seen);
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    synchronized (out) {
      try {
        out.write(line);
      } catch (IOException e) {
        throw new UncheckedIOException("an answer cannot be written down", e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** Writes down one client's answers. */
  final class Pen {
    private final NamespaceId namespace;
    private final String principal;

    private Pen(NamespaceId namespace, String principal) {
      this.namespace = namespace;
      this.principal = principal;
    }

    /** Notes what a try came to; reads, and calls beyond the namespace, are passed by. */
    void note(Call call, Optional<HttpResponse<byte[]>> response) {
      String within = "/v1/namespaces/" + DomeClient.segment(namespace.value()) + "/";
      if (call.method().equals("GET") || !call.path().startsWith(within)) {
        return;
      }
      byte[] sent = call.body() == null ? NOTHING : call.body().bytes();
      JsonNode asked = ClientJson.tree(isJson(call) ? sent : NOTHING);
      JsonNode said = ClientJson.tree(response.map(HttpResponse::body).orElse(NOTHING));
      add(
          new SeenAnswer(
              Timestamps.format(System.currentTimeMillis()),
              namespace,
              principal,
              call.method(),
              call.path(),
              call.headers().get("Idempotency-Key"),
              CanonicalJson.sha256(sent),
              asked.path("claim_id").textValue(),
              response.map(HttpResponse::statusCode).orElse(null),
              response.flatMap(r -> r.headers().firstValue("Dome-Operation-Id")).orElse(null),
              runId(call.path().substring(within.length()), asked, said),
              said.path("reason_code").textValue(),
              response.map(r -> CanonicalJson.sha256(r.body())).orElse(null),
              granted(said.path("tasks"))));
    }

    private static boolean isJson(Call call) {
      return call.body() != null && call.body().contentType().equals("application/json");
    }

    /** A submission names its run in the body, an order to a run in the path. */
    private static String runId(String resource, JsonNode asked, JsonNode said) {
      String named = said.at("/position/run_id").textValue();
      if (named != null) {
        return named;
      }
      if (resource.startsWith("runs/")) {
        return resource.split("/", -1)[1];
      }
      if (!resource.equals("runs") && !resource.startsWith("runs?")) {
        return null;
      }
      return asked.hasNonNull("artifact_kind")
          ? asked.path("run_id").textValue()
          : asked.path("packet_id").textValue();
    }

    private static List<Granted> granted(JsonNode tasks) {
      List<Granted> granted = new ArrayList<>();
      for (JsonNode task : tasks) {
        if (task.path("attempt_id").isTextual() && task.path("run_id").isTextual()) {
          granted.add(new Granted(task.path("run_id").asText(), task.path("attempt_id").asText()));
        }
      }
      return granted.isEmpty() ? null : granted;
    }
  }
}
