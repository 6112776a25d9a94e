package dev.dome.ingest.adapter.http;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.ingest.config.IngestConfig;
import dev.dome.web.ProblemException;
import dev.dome.web.WebReason;
import dev.dome.web.edge.Replies;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Forwards the routes of the table to their owners and streams the answers back as they come, so
 * that server-sent events pass unbuffered. The owner authorises; the token travels along.
 */
@Singleton
final class ReadProxy {
  private static final Logger LOG = Logger.getLogger(ReadProxy.class);
  private static final int RETRY_AFTER_SECONDS = 1;

  /** RFC 9112 section 6.3: the end of a chunked body after one of these would be read as more. */
  private static final Set<Integer> BODILESS = Set.of(204, 304);

  /** RFC 9110 section 7.6.1, and the headers its Connection names; Host is the owner's. */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "host",
          "content-length");

  private final Map<String, OwnerClient> clients = new HashMap<>();
  private final RouteTable table;

  ReadProxy(Vertx vertx, IngestConfig config) {
    this.table = RouteTable.of(config.owners().keySet().stream().sorted().toList());
    config
        .owners()
        .forEach((name, owner) ->
            clients.put(name, new OwnerClient(vertx, name, owner.url(), config.proxy())));
  }

  void register(@Observes Router router) {
    for (RouteTable.Route route : table.routes()) {
      OwnerClient owner = clients.get(route.owner());
      Route forwarded = router.route(route.method(), route.routerPath());
      if (route.method().equals(HttpMethod.GET)) {
        forwarded.method(HttpMethod.HEAD);
      }
      forwarded.handler(context -> forward(context, owner));
    }
  }

  private void forward(RoutingContext context, OwnerClient owner) {
    owner
        .send(
            context.request().method(),
            context.request().uri(),
            out -> copyHeaders(context, out),
            body(context.request()))
        .subscribe()
        .with(answer -> relay(context, answer), failure -> refuse(context, failure));
  }

  /** The rest of the request, held back until the owner takes it. */
  private static ClientBody body(HttpServerRequest request) {
    boolean none =
        request.isEnded()
            || (request.getHeader(HttpHeaders.CONTENT_LENGTH) == null
                && request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null);
    return none ? null : new ClientBody(request);
  }

  private static void copyHeaders(RoutingContext context, HttpClientRequest out) {
    copy(context.request().headers(), out.headers());
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null) {
      out.putHeader(HttpHeaders.CONTENT_LENGTH, length);
    }
  }

  private static void relay(RoutingContext context, OwnerClient.Answer answer) {
    HttpServerResponse out = context.response();
    if (out.closed()) {
      answer.abandon();
      return;
    }
    out.setStatusCode(answer.head().statusCode());
    copy(answer.head().headers(), out.headers());
    String length = answer.head().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null) {
      out.putHeader(HttpHeaders.CONTENT_LENGTH, length);
    } else if (!BODILESS.contains(answer.head().statusCode())) {
      out.setChunked(true);
    }
    out.closeHandler(closed -> answer.abandon());
    answer
        .body()
        .endOnFailure(false)
        .to(out)
        .onFailure(failure -> {
          LOG.debug("forwarded answer was cut short", failure);
          // The client must not take a cut answer for a whole one.
          out.reset();
        });
  }

  private static void refuse(RoutingContext context, Throwable failure) {
    if (failure instanceof ClientFailedException) {
      LOG.debug("client did not finish a forwarded request", failure);
      Replies.giveUp(
          context,
          ProblemException.fellSilent(WebReason.BODY_TIMEOUT, "The body did not come in time."));
      return;
    }
    boolean late = failure instanceof TimeoutException;
    LOG.warnf("owner of a read did not answer cause=%s", failure.getClass().getSimpleName());
    Replies.problem(
        context,
        ProblemException.unavailable(
            new ReasonCode(late ? "INFRA.UPSTREAM_TIMEOUT" : "INFRA.OWNER_UNAVAILABLE"),
            late
                ? "The service that owns this resource did not answer in time."
                : "The service that owns this resource is away.",
            RETRY_AFTER_SECONDS));
  }

  private static void copy(MultiMap from, MultiMap to) {
    Set<String> dropped = dropped(from);
    for (Map.Entry<String, String> header : from) {
      if (!dropped.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }

  private static Set<String> dropped(MultiMap headers) {
    String connection = headers.get(HttpHeaders.CONNECTION);
    if (connection == null) {
      return HOP_BY_HOP;
    }
    Set<String> dropped = new HashSet<>(HOP_BY_HOP);
    for (String name : connection.split(",", -1)) {
      dropped.add(name.strip().toLowerCase(Locale.ROOT));
    }
    return dropped;
  }
}
