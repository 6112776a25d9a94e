package dev.dome.ingest.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.Claim;
import dev.dome.ingest.application.Workers.Response;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  private static final Duration WAIT = Duration.ofSeconds(20);

  @Test
  void aClaimThatOneControllerSwallowedIsAskedAgainUnderTheSameName() {
    Controllers controllers =
        new Controllers(List.of(new Response.Silent<>(), answered(), answered(granted())));
    Claims claims = new Claims(controllers, 1);

    Response<Claim.Reply> response = settled(claims);

    assertThat(response).isEqualTo(answered(granted()));
    assertThat(controllers.asked).hasSize(3).extracting(Claim.Request::claimId).containsOnly("c-1");
    assertThat(controllers.waits).allMatch(wait -> wait.equals(Claims.SLICE));
    assertThat(claims.parked()).isZero();
  }

  @Test
  void aSliceEndsBeforeTheWholeClaimDoes() {
    Controllers controllers = new Controllers(List.of(answered(granted())));

    settled(new Claims(controllers, 1));

    assertThat(controllers.asked.getFirst().expiresAtMs())
        .isBetween(
            request().expiresAtMs() - WAIT.toMillis(),
            request().expiresAtMs() - WAIT.toMillis() + Claims.SLICE.toMillis() + 1_000);
  }

  @Test
  void aClaimWhoseWorkerHasLeftIsNotAskedAgain() {
    Controllers controllers = new Controllers(List.of(new Response.Silent<>()));

    Response<Claim.Reply> response =
        new Claims(controllers, 1)
            .claim(request(), WAIT, () -> true)
            .orElseThrow()
            .toCompletableFuture()
            .join();

    assertThat(response).isInstanceOf(Response.Silent.class);
    assertThat(controllers.asked).hasSize(1);
  }

  @Test
  void nobodyListeningIsSaidAtOnce() {
    Controllers controllers = new Controllers(List.of(new Response.Nobody<>()));

    Response<Claim.Reply> response = settled(new Claims(controllers, 1));

    assertThat(response).isInstanceOf(Response.Nobody.class);
    assertThat(controllers.asked).hasSize(1);
  }

  private static Response<Claim.Reply> settled(Claims claims) {
    return claims.claim(request(), WAIT, () -> false).orElseThrow().toCompletableFuture().join();
  }

  private static Claim.Request request() {
    return new Claim.Request(
        new NamespaceId("default"),
        new QueueName("default"),
        "c-1",
        "w-1",
        null,
        null,
        1,
        1_000_000,
        new Actor("w-1", List.of("worker")),
        null);
  }

  private static Response<Claim.Reply> answered(Claim.GrantedTask... tasks) {
    return new Response.Answered<>(Claim.Reply.of(List.of(tasks)));
  }

  private static Claim.GrantedTask granted() {
    return new Claim.GrantedTask(
        new RunId("run-1"),
        new TaskId("step-1"),
        1,
        new AttemptId("att-0001-" + "0".repeat(32)),
        4,
        "2026-01-01T00:00:30.000Z",
        null,
        "step 1",
        Json.mapper().createObjectNode(),
        null);
  }

  /** Controllers that answer as told, one after the other. */
  private static final class Controllers implements Workers {
    private final Deque<Response<Claim.Reply>> answers;
    private final List<Claim.Request> asked = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();

    Controllers(List<Response<Claim.Reply>> answers) {
      this.answers = new ArrayDeque<>(answers);
    }

    @Override
    public CompletionStage<Response<Claim.Reply>> claim(Claim.Request request, Duration wait) {
      asked.add(request);
      waits.add(wait);
      return CompletableFuture.completedStage(answers.remove());
    }

    @Override
    public CompletionStage<Response<Claim.HeartbeatReply>> heartbeat(
        Lane lane, Claim.Heartbeat heartbeat) {
      throw new IllegalStateException("no heartbeat is sent here");
    }
  }
}
