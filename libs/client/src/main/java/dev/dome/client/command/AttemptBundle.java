package dev.dome.client.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeException;
import dev.dome.client.EvidenceSink;
import dev.dome.client.TaskContext;
import dev.dome.client.model.StoredEvidence;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.security.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The evidence bundle of one attempt ({@code evidence.bundle.telemetry}): the trace it was granted
 * in, its signals, and its output by digest. The output is redacted before it is hashed, so that
 * what is stored is what the digest names. Output that cannot be stored is missing from the bundle,
 * which then says so: it does not change how the command ended.
 */
final class AttemptBundle {
  static final String OUTPUT_PATH = "output.txt";

  private static final System.Logger LOG = System.getLogger(AttemptBundle.class.getName());
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}");

  private final Redactor redactor;
  private final EvidenceSink sink;
  private final ObjectNode bundle = Json.mapper().createObjectNode();
  private final ObjectNode signals;
  private final ArrayNode artifacts;

  AttemptBundle(Redactor redactor, EvidenceSink sink, TaskContext task) {
    this.redactor = redactor;
    this.sink = sink;
    bundle.set("otel", otel(task));
    this.signals = bundle.putObject("signals");
    this.artifacts = bundle.putArray("artifacts");
  }

  /** The trace of the grant; one made from the attempt's id when the grant has none. */
  private static ObjectNode otel(TaskContext task) {
    String traceparent = task.grant().traceparent();
    Matcher trace = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
    boolean traced = trace.matches();
    String derived = CanonicalJson.sha256(Json.tree(task.grant().attemptId()));
    return Json.mapper()
        .createObjectNode()
        .put("backend", "dome")
        .put("trace_id_hex", traced ? trace.group(1) : derived.substring(0, 32))
        .put("span_id_hex", traced ? trace.group(2) : derived.substring(32, 48))
        .put("project", "dome")
        .put("run_id", task.runId());
  }

  AttemptBundle signal(String name, long value) {
    signals.put(name, value);
    return this;
  }

  AttemptBundle signal(String name, boolean value) {
    signals.put(name, value);
    return this;
  }

  /** Adds what the command wrote; nothing is stored of a silent one. */
  AttemptBundle output(OutputCut output) throws InterruptedException {
    signal("output_bytes", output.totalBytes()).signal("output_cut", output.isCut());
    byte[] text = redactor.redactText(output.text()).text().getBytes(StandardCharsets.UTF_8);
    if (text.length > 0) {
      signal("output_stored", stored(text));
    }
    return this;
  }

  private boolean stored(byte[] text) throws InterruptedException {
    try {
      StoredEvidence stored = sink.put(text, TEXT);
      artifacts
          .addObject()
          .put("path", OUTPUT_PATH)
          .put("sha256", stored.sha256())
          .put("bytes", stored.bytes());
      return true;
    } catch (DomeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      LOG.log(System.Logger.Level.WARNING, "output not stored", e);
      return false;
    }
  }

  ObjectNode toJson() {
    return bundle;
  }
}
