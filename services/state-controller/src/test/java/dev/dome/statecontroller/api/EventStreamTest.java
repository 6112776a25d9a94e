package dev.dome.statecontroller.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "state-controller"))
class EventStreamTest {
  /** As the service is told in tests. */
  private static final int MAX_FOLLOWERS = 4;

  @TestHTTPResource URI base;

  private final SeedStore store = new SeedStore();
  private final String namespace = "ns-" + UUID.randomUUID();
  private final HttpClient client = HttpClient.newHttpClient();

  private HttpRequest request(String runId, String lastEventId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                base.resolve("/v1/namespaces/" + namespace + "/runs/" + runId + "/events"))
            .header("Accept", "text/event-stream")
            .header("Authorization", TestTokens.bearer("alice", namespace, "auditor"));
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    return request.build();
  }

  private List<String> ids(String runId, String lastEventId)
      throws IOException, InterruptedException {
    return ids(
        client.send(request(runId, lastEventId), HttpResponse.BodyHandlers.ofLines()).body());
  }

  private static List<String> ids(Stream<String> lines) {
    return lines
        .filter(line -> line.startsWith("id:"))
        .map(line -> line.substring(3).strip())
        .toList();
  }

  @Test
  void aFollowerSeesEveryEventOfAnOpenRunAndTheEnd() throws Exception {
    SeededRun run = SeededRun.submitted(store, namespace, "live-run", 1_795_000_000_000L);
    CompletableFuture<List<String>> followed =
        client
            .sendAsync(request("live-run", null), HttpResponse.BodyHandlers.ofLines())
            .thenApply(response -> ids(response.body()));

    run.promoted();

    List<String> live = followed.get(30, TimeUnit.SECONDS);
    assertThat(live).isEqualTo(ids("live-run", null)).doesNotHaveDuplicates();
    assertThat(live.getLast()).isEqualTo(Long.toString(run.state().sequence()));
  }

  @Test
  void aBrokenStreamResumesAfterTheLastEventSeen() throws Exception {
    SeededRun.submitted(store, namespace, "resumed-run", 1_795_000_000_000L).promoted();
    List<String> all = ids("resumed-run", null);

    List<String> rest = ids("resumed-run", all.get(4));

    assertThat(rest).isEqualTo(all.subList(5, all.size()));
    assertThat(ids("resumed-run", all.getLast())).isEmpty();
  }

  @Test
  void thereAreOnlySoManyFollowersAndOneThatLeavesMakesRoom() throws Exception {
    SeededRun run = SeededRun.submitted(store, namespace, "busy-run", 1_795_000_000_000L);
    List<HttpResponse<InputStream>> following = new ArrayList<>();
    for (int i = 0; i < MAX_FOLLOWERS; i++) {
      following.add(follow());
      assertThat(following.getLast().statusCode()).isEqualTo(200);
    }
    HttpResponse<InputStream> refused = follow();

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(new String(refused.body().readAllBytes(), StandardCharsets.UTF_8))
        .contains("INFRA.OVERLOADED");
    following.getFirst().body().close();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(follow().statusCode()).isEqualTo(200));
    run.promoted();
    for (HttpResponse<InputStream> follower : following.subList(1, MAX_FOLLOWERS)) {
      follower.body().readAllBytes();
    }
  }

  private HttpResponse<InputStream> follow() throws IOException, InterruptedException {
    return client.send(request("busy-run", null), HttpResponse.BodyHandlers.ofInputStream());
  }

  @Test
  void aStreamOfAnAbsentRunIsAProblem() throws Exception {
    HttpResponse<String> response =
        client.send(request("absent-run", null), HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/problem+json");
  }

  @Test
  void aMalformedPlaceToResumeFromIsABadRequest() throws Exception {
    SeededRun.submitted(store, namespace, "some-run", 1_795_000_000_000L);

    HttpResponse<String> response =
        client.send(request("some-run", "x"), HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(400);
  }
}
