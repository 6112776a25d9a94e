package dev.dome.ingest.adapter.http;

import dev.dome.ingest.adapter.http.RouteTable.Route;
import dev.dome.ingest.config.IngestConfig;
import dev.dome.web.ProblemException;
import dev.dome.web.WebReason;
import dev.dome.web.edge.Replies;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers 405 for the whole origin: a path may have methods of ingest and of an owner, and only
 * both contracts together know all of them.
 */
@Singleton
final class AllowedMethods {
  /** After the forwarded routes, which are the first ones, and before the resources. */
  private static final int ORDER = 1_000;

  private static final String SELF = "ingest";

  private final List<Templated> templates;

  AllowedMethods(IngestConfig config) {
    List<String> contracts =
        Stream.concat(Stream.of(SELF), config.owners().keySet().stream().sorted()).toList();
    this.templates =
        RouteTable.of(contracts).routes().stream()
            .collect(Collectors.groupingBy(Route::template))
            .entrySet()
            .stream()
            .map(path -> Templated.of(path.getKey(), path.getValue()))
            .toList();
  }

  /**
   * A path of some contract and what may be done with it.
   *
   * @param segments between slashes; empty where the template has a parameter, which is never empty
   */
  private record Templated(List<String> segments, SortedSet<String> methods) {
    private static final String ANY = "";

    static Templated of(String template, List<Route> routes) {
      SortedSet<String> methods = new TreeSet<>();
      for (Route route : routes) {
        methods.add(route.method().name());
        if (route.method().equals(HttpMethod.GET)) {
          methods.add(HttpMethod.HEAD.name());
        }
      }
      return new Templated(segmentsOf(template.replaceAll("\\{\\w+}", ANY)), methods);
    }

    boolean matches(List<String> path) {
      if (path.size() != segments.size()) {
        return false;
      }
      for (int i = 1; i < segments.size(); i++) {
        boolean fits =
            segments.get(i).equals(ANY)
                ? !path.get(i).isEmpty()
                : segments.get(i).equals(path.get(i));
        if (!fits) {
          return false;
        }
      }
      return true;
    }
  }

  /** The first is before the first slash, and empty. */
  private static List<String> segmentsOf(String path) {
    return List.of(path.split("/", -1));
  }

  void register(@Observes Router router) {
    router.route("/v1/*").order(ORDER).handler(this::check);
  }

  private void check(RoutingContext context) {
    SortedSet<String> allowed = allowed(context.request().path());
    if (allowed.isEmpty() || allowed.contains(context.request().method().name())) {
      context.next();
      return;
    }
    context.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
    Replies.refuse(
        context,
        ProblemException.of(
            405, WebReason.METHOD_NOT_ALLOWED, "This resource has no such method."));
  }

  /** Empty when no contract has the path. */
  private SortedSet<String> allowed(String path) {
    List<String> segments = segmentsOf(path);
    SortedSet<String> methods = new TreeSet<>();
    for (Templated template : templates) {
      if (template.matches(segments)) {
        methods.addAll(template.methods());
      }
    }
    return methods;
  }
}
