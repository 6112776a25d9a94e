package dev.dome.ingest.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Which service owns which route, read from the owners' OpenAPI documents: every operation under
 * /v1 that an owner's contract names is forwarded to it, and nothing else is.
 *
 * @param routes in the order of the contracts
 */
record RouteTable(List<Route> routes) {
  private static final Logger LOG = Logger.getLogger(RouteTable.class);
  private static final List<String> METHODS =
      List.of("get", "head", "post", "put", "delete", "patch");
  private static final String API_PREFIX = "/v1";

  RouteTable {
    routes = List.copyOf(routes);
  }

  /**
   * One operation of an owner.
   *
   * @param template as in OpenAPI, such as {@code /v1/namespaces/{ns}/runs}
   */
  record Route(HttpMethod method, String template, String owner) {
    /** The template in the router's own syntax. */
    String routerPath() {
      return template.replaceAll("\\{(\\w+)}", ":$1");
    }
  }

  /** The routes of these owners; one whose contract is not packaged owns none yet. */
  static RouteTable of(Iterable<String> owners) {
    List<Route> routes = new ArrayList<>();
    for (String owner : owners) {
      contract(owner).ifPresent(contract -> addRoutes(owner, contract, routes));
    }
    return new RouteTable(routes);
  }

  static void addRoutes(String owner, JsonNode contract, List<Route> routes) {
    for (Map.Entry<String, JsonNode> path : contract.path("paths").properties()) {
      if (!path.getKey().startsWith(API_PREFIX)) {
        continue;
      }
      for (String method : METHODS) {
        if (path.getValue().has(method)) {
          routes.add(
              new Route(HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)), path.getKey(), owner));
        }
      }
    }
  }

  private static Optional<JsonNode> contract(String owner) {
    String name = "contracts/openapi/" + owner + "/v1.yaml";
    try (InputStream in =
        Thread.currentThread().getContextClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        LOG.warnf("owner has no packaged contract owner=%s", owner);
        return Optional.empty();
      }
      return Optional.of(new ObjectMapper(new YAMLFactory()).readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException("the contract of " + owner + " cannot be read", e);
    }
  }
}
