package dev.dome.client;

import dev.dome.client.ScriptedServer.Request;
import dev.dome.client.ScriptedServer.Response;
import dev.dome.contracts.Timestamps;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Claims are answered from a list and then with nothing; the rest as the test says. */
final class WorkerScript implements Function<Request, Response> {
  static final Response NOTHING = new Response(204, "", Map.of());

  final BlockingQueue<Response> claims = new LinkedBlockingQueue<>();
  volatile Function<Request, Response> heartbeat = request -> lease(30_000, "");
  volatile Function<Request, Response> result = request -> Response.json(200, "{}");
  volatile Function<Request, Response> batch =
      request -> Response.problem(404, "REQUEST.NOT_FOUND");
  volatile Function<Request, Response> upload =
      request -> Response.problem(503, "INFRA.OVERLOADED");

  @Override
  public Response apply(Request request) {
    String path = request.path();
    if (path.endsWith("/claims")) {
      Response next = claims.poll();
      return next == null ? NOTHING : next;
    }
    if (path.endsWith("/heartbeat")) {
      return heartbeat.apply(request);
    }
    if (path.endsWith("/results")) {
      return batch.apply(request);
    }
    if (path.contains("/evidence/")) {
      return upload.apply(request);
    }
    return path.endsWith("/result") ? result.apply(request) : Response.json(200, "{}");
  }

  static Response grant(int number, long termMs) {
    return grants(number, number, termMs, "{}");
  }

  /** Attempts of these numbers, with the same inputs. */
  static Response grants(int first, int last, long termMs, String inputs) {
    String tasks =
        IntStream.rangeClosed(first, last)
            .mapToObj(number ->
                """
                {"run_id":"pkt-1","task_id":"t","attempt":%d,"attempt_id":"att-%d","fence":7,
                "lease_expires_at":"%s","goal":"g","inputs":%s,"surprise":[]}\
                """
                    .formatted(number, number, in(termMs), inputs))
            .collect(Collectors.joining(","));
    return Response.json(200, "{\"tasks\":[" + tasks + "]}");
  }

  static Response lease(long termMs, String directive) {
    return Response.json(
        200, "{\"lease_expires_at\":\"%s\",\"directives\":[%s]}".formatted(in(termMs), directive));
  }

  /** The scripted server's Date header has whole seconds, so leases start from one. */
  private static String in(long termMs) {
    long wholeSecondMs = System.currentTimeMillis() / 1000 * 1000;
    return Timestamps.format(wholeSecondMs + termMs);
  }
}
