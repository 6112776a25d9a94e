package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whoever is answered. Checks with every answer that what it says is in the store, because an
 * answer comes after the commit, and that no other answer was given to the same question.
 */
final class SimulatedClients implements Replies {
  private final MemoryStore store;
  private final Faults faults;
  private final Violations violations;
  private final Map<String, Outcome> answers = new HashMap<>();
  private final Map<AttemptId, String> grants = new HashMap<>();
  private final Map<String, Set<AttemptId>> claims = new HashMap<>();
  final List<Claim.GrantedTask> held = new ArrayList<>();
  final List<Command> hints = new ArrayList<>();
  final Map<String, Command> forwarded = new LinkedHashMap<>();

  SimulatedClients(MemoryStore store, Faults faults, Violations violations) {
    this.store = store;
    this.faults = faults;
    this.violations = violations;
  }

  @Override
  public void outcome(String replyTo, Outcome outcome) {
    faults.call(
        "outcome " + outcome.operationId() + " " + outcome.status(),
        () -> violations.check(() -> hear(outcome)));
  }

  private void hear(Outcome outcome) {
    Outcome stored =
        store.operations.get(new Store.OperationName(Simulation.NAMESPACE, outcome.operationId()));
    assertThat(stored).as("an answer comes after its commit").isNotNull();
    assertThat(stored.status()).isEqualTo(outcome.status());
    Outcome before = answers.putIfAbsent(outcome.operationId(), outcome);
    assertThat(before == null || before.status() == outcome.status())
        .as("an operation is answered the same for ever")
        .isTrue();
    if (outcome.body() != null && outcome.body().has("tasks")) {
      outcome
          .body()
          .get("tasks")
          .forEach(task ->
              take(Json.read(task, Claim.GrantedTask.class), "report " + outcome.operationId()));
    }
  }

  @Override
  public void claim(String replyTo, Claim.Reply reply) {
    faults.call(
        "claim " + replyTo + " " + reply.tasks().size(),
        () -> violations.check(() -> hear(replyTo, reply)));
  }

  /** Whoever asks again under a claim's name gets what is left of the same tasks. */
  private void hear(String claim, Claim.Reply reply) {
    Set<AttemptId> attempts =
        reply.tasks().stream().map(Claim.GrantedTask::attemptId).collect(Collectors.toSet());
    if (!attempts.isEmpty()) {
      Set<AttemptId> before = claims.putIfAbsent(claim, attempts);
      assertThat(before == null || before.containsAll(attempts))
          .as("claim %s got %s and then %s", claim, before, attempts)
          .isTrue();
    }
    reply.tasks().forEach(task -> take(task, claim));
  }

  /** A lease belongs to one claim, and its row is durable before anybody hears of it. */
  private void take(Claim.GrantedTask task, String claim) {
    Store.Lease lease = store.leases.get(task.attemptId());
    assertThat(lease).as("a grant comes after its commit").isNotNull();
    assertThat(lease.fence()).isEqualTo(task.fence());
    String before = grants.putIfAbsent(task.attemptId(), lease.claimId());
    assertThat(before == null || before.equals(lease.claimId()))
        .as("attempt %s is granted to %s only but went to %s", task.attemptId(), before, claim)
        .isTrue();
    if (before == null) {
      held.add(task);
    }
  }

  @Override
  public void heartbeat(String replyTo, Claim.HeartbeatReply reply) {
    faults.call("heartbeat " + replyTo + " " + reply.status(), () -> {});
  }

  @Override
  public void readyHint(ReadyHint hint) {
    faults.call("hint " + hint.ready(), () -> hints.add(new Command.HintSeen(hint)));
  }

  @Override
  public void freedHint(FreedHint hint) {
    faults.call("freed " + hint.slots(), () -> hints.add(new Command.FreedSeen(hint)));
  }

  @Override
  public void forward(String replicaId, Claim.Request request, String replyTo) {
    faults.call(
        "forward " + replyTo,
        () -> forwarded.put(replicaId, new Command.ClaimAsked(request, replyTo)));
  }
}
