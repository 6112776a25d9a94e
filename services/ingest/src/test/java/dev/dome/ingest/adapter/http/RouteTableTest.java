package dev.dome.ingest.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.ingest.adapter.http.RouteTable.Route;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteTableTest {

  @Test
  void everyOperationOfAContractUnderTheApiIsARoute() {
    assertThat(RouteTable.of(List.of("test-owner")).routes())
        .containsExactly(
            new Route(HttpMethod.GET, "/v1/namespaces/{ns}/owned/{id}", "test-owner"),
            new Route(HttpMethod.GET, "/v1/namespaces/{ns}/owned/{id}/events", "test-owner"),
            new Route(HttpMethod.POST, "/v1/namespaces/{ns}/owned/{id}/redrive", "test-owner"));
  }

  @Test
  void aTemplateBecomesARouterPath() {
    assertThat(new Route(HttpMethod.GET, "/v1/namespaces/{ns}/runs/{id}", "x").routerPath())
        .isEqualTo("/v1/namespaces/:ns/runs/:id");
  }

  @Test
  void anOwnerWithoutAContractOwnsNothing() {
    assertThat(RouteTable.of(List.of("nobody")).routes()).isEmpty();
  }
}
