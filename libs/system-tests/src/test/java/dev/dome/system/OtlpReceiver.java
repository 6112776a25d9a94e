package dev.dome.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** An OpenTelemetry collector's endpoint of OTLP over HTTP that keeps every span. */
final class OtlpReceiver implements AutoCloseable {
  /** The share of traces that the stack exports; the ids made here are within it. */
  static final double RATIO = 0.0001;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Exported> spans = new ConcurrentLinkedQueue<>();

  /**
   * A span as it was exported.
   *
   * @param parentId empty for a root
   * @param links trace ids and span ids, each pair joined by a dash
   * @param whole everything of it, in the text form of its format
   */
  record Exported(
      String service,
      String name,
      Span.SpanKind kind,
      String traceId,
      String spanId,
      String parentId,
      List<String> links,
      Map<String, Object> attributes,
      long startNs,
      long endNs,
      String whole) {}

  private OtlpReceiver(HttpServer server) {
    this.server = server;
  }

  static OtlpReceiver start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    OtlpReceiver receiver = new OtlpReceiver(server);
    server.createContext("/v1/traces", receiver::take);
    server.setExecutor(receiver.threads);
    server.start();
    return receiver;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A trace id that is exported: the sampler looks at the last 16 digits. */
  static String sampledTraceId() {
    String chance = UUID.randomUUID().toString().replace("-", "");
    return chance.substring(0, 16) + "0000" + chance.substring(20);
  }

  /** A trace id that is not. */
  static String otherTraceId() {
    String chance = UUID.randomUUID().toString().replace("-", "");
    return chance.substring(0, 16) + "7fff" + chance.substring(20);
  }

  List<Exported> of(String traceId) {
    return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
  }

  List<Exported> linkedTo(String traceId) {
    return spans.stream()
        .filter(span -> span.links().stream().anyMatch(link -> link.startsWith(traceId)))
        .toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      InputStream body =
          packed ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
      ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().forEach(this::keep);
      byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
      exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private void keep(ResourceSpans resource) {
    String service =
        String.valueOf(
            attributes(resource.getResource().getAttributesList())
                .getOrDefault("service.name", ""));
    resource.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .map(span -> exported(service, span))
        .forEach(spans::add);
  }

  private static Exported exported(String service, Span span) {
    HexFormat hex = HexFormat.of();
    return new Exported(
        service,
        span.getName(),
        span.getKind(),
        hex.formatHex(span.getTraceId().toByteArray()),
        hex.formatHex(span.getSpanId().toByteArray()),
        hex.formatHex(span.getParentSpanId().toByteArray()),
        span.getLinksList().stream()
            .map(link ->
                hex.formatHex(link.getTraceId().toByteArray())
                    + "-"
                    + hex.formatHex(link.getSpanId().toByteArray()))
            .toList(),
        attributes(span.getAttributesList()),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        span.toString());
  }

  private static Map<String, Object> attributes(List<KeyValue> pairs) {
    return pairs.stream()
        .collect(Collectors.toMap(KeyValue::getKey, pair -> value(pair.getValue()), (a, b) -> b));
  }

  private static Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> value.getIntValue();
      case BOOL_VALUE -> value.getBoolValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      default -> value.toString();
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
