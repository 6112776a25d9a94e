package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas with half of the lanes each: priority holds across them within a second. */
class InversionTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("ns-1");

  private final MemoryStore store = new MemoryStore(16);
  private final Map<String, Replica> replicas = new HashMap<>();
  private Replica first;
  private Replica second;
  private long now = 1_800_000_000_000L;
  private int names;

  /** A writer, what it said, and what of that was carried to the other one. */
  private final class Replica {
    final Recorder said = new Recorder();
    final Mailbox mailbox = new Mailbox(10_000, 1 << 26);
    final List<Lane> lanes = new ArrayList<>();
    final LaneWriter writer;
    long sequence;
    int hintsCarried;
    int claimsCarried;

    Replica(String id) {
      this.writer =
          new LaneWriter(
              id,
              new LaneWriter.Ports(said, store, said, said, said, () -> now),
              mailbox,
              TestPolicies::standard,
              said,
              LaneWriter.Pace.DEFAULT);
      replicas.put(id, this);
    }

    /** A run of one task in one of its lanes; returns the run's id. */
    String submit(int priority) {
      RunId runId =
          IntStream.iterate(0, i -> i + 1)
              .mapToObj(i -> new RunId("run-" + names + "-" + i))
              .filter(candidate -> lanes.contains(Lane.of(NAMESPACE, candidate, 16)))
              .findFirst()
              .orElseThrow();
      names++;
      now++;
      JsonNode document = Messages.chain(runId, 1);
      ((ObjectNode) document.at("/tasks/0")).put("priority", priority);
      Lane lane = Lane.of(NAMESPACE, runId, 16);
      mailbox.offer(
          new Command.Delivery(
              lane,
              said.readers.get(lane),
              "life",
              ++sequence,
              Json.write(Messages.submit("op-" + names, NAMESPACE, runId, document))));
      drive();
      return runId.value();
    }

    void claim(String claimId) {
      mailbox.offer(
          new Command.ClaimAsked(Messages.claim(NAMESPACE, claimId, 1, now + 600_000), claimId));
      drive();
    }

    void drive() {
      while (writer.turn() != LaneWriter.Turn.IDLE) {
        assertThat(said.failures).isEmpty();
      }
    }
  }

  @BeforeEach
  void own() {
    first = new Replica("first");
    second = new Replica("second");
    store
        .takeOver()
        .forEach((lane, epoch) -> {
          Replica owner = lane.number() % 2 == 0 ? first : second;
          owner.lanes.add(lane);
          owner.mailbox.offer(new Command.LaneGained(lane, epoch));
        });
    first.drive();
    second.drive();
  }

  /** Carries hints to the other replica, and moved claims to where they are sent. */
  private void carry() {
    List<Replica> both = List.of(first, second);
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 2; i++) {
        Replica from = both.get(i);
        Replica to = both.get(1 - i);
        while (from.hintsCarried < from.said.hints.size()) {
          to.mailbox.offer(new Command.HintSeen(from.said.hints.get(from.hintsCarried++)));
        }
        while (from.claimsCarried < from.said.moved.size()) {
          to.mailbox.offer(from.said.moved.get(from.claimsCarried++));
        }
      }
      both.forEach(Replica::drive);
    }
  }

  /** A sweep of each, after which what is ready was announced. */
  private void tick() {
    now += LaneWriter.Pace.DEFAULT.sweepEveryMs();
    first.drive();
    second.drive();
    carry();
  }

  private String granted(String claimId) {
    return replicas.values().stream()
        .map(replica -> replica.said.claims.get(claimId))
        .filter(tasks -> tasks != null && !tasks.isEmpty())
        .map(tasks -> tasks.getFirst().runId().value())
        .findFirst()
        .orElse("");
  }

  @Test
  void aClaimGoesToTheReplicaWithTheHigherPriorityAsOftenAsThereIsWork() {
    String low = first.submit(0);
    first.submit(0);
    String high = second.submit(9);
    tick();
    first.claim("one");
    first.claim("two");
    carry();

    assertThat(granted("one")).isEqualTo(high);
    assertThat(first.said.forwarded).containsExactly("second:one");
    assertThat(granted("two")).isEqualTo(low);
  }

  @Test
  void noMoreClaimsGoThereThanThereAreTasksOfThatPriority() {
    String mine = first.submit(5);
    String high = second.submit(9);
    second.submit(0);
    second.submit(0);
    tick();
    first.claim("one");
    first.claim("two");
    carry();

    assertThat(granted("one")).isEqualTo(high);
    assertThat(granted("two")).isEqualTo(mine);
  }

  @Test
  void equalPrioritiesStayWhereTheyAre() {
    second.submit(5);
    String own = first.submit(5);
    tick();
    first.claim("one");

    assertThat(granted("one")).isEqualTo(own);
    assertThat(first.said.forwarded).isEmpty();
  }

  @Test
  void whatWasSaidASecondAgoIsNotBelieved() {
    String low = first.submit(0);
    second.submit(9);
    tick();
    now += RemoteWork.FRESH_MS;
    first.claim("one");

    assertThat(granted("one")).isEqualTo(low);
  }

  @Test
  void aMovedClaimIsGrantedWhereItLands() {
    first.submit(9);
    String low = second.submit(0);
    tick();
    second.mailbox.offer(
        new Command.ClaimAsked(
            Messages.claim(NAMESPACE, "moved", 1, now + 600_000), "moved", true));
    second.drive();

    assertThat(granted("moved")).isEqualTo(low);
    assertThat(second.said.forwarded).isEmpty();
  }

  @Test
  void aMovedClaimThatComesTooLateFindsItsWayBackToWork() {
    String low = first.submit(0);
    second.submit(9);
    tick();
    first.claim("moved");
    second.claim("direct");
    carry();
    assertThat(granted("moved")).isEmpty();
    tick();
    tick();

    assertThat(granted("moved")).isEqualTo(low);
  }

  @Test
  void aReportGetsNoLesserTaskWhileThereIsABetterOneElsewhere() {
    first.submit(0);
    first.claim("one");
    Claim.GrantedTask task = first.said.claims.get("one").getFirst();
    String low = first.submit(0);
    String high = second.submit(9);
    tick();
    Claim.Request next = Messages.claim(NAMESPACE, "next", 1, now + 600_000);
    Lane lane = task.attemptId().lane();
    first.mailbox.offer(
        new Command.Delivery(
            lane,
            first.said.readers.get(lane),
            "life",
            ++first.sequence,
            Json.write(
                Messages.report("report", NAMESPACE, task, Messages.pass(task.taskId()), next))));
    first.drive();

    assertThat(first.said.outcomes.get("report").body().path("tasks")).isEmpty();
    tick();
    first.claim("after");
    carry();
    assertThat(granted("after")).isEqualTo(high).isNotEqualTo(low);
  }

  @Test
  void aParkedClaimThatNothingHereMatchesIsMovedAtOnce() {
    first.claim("one");
    String high = second.submit(3);
    carry();

    assertThat(granted("one")).isEqualTo(high);
  }
}
