package dev.dome.ingest.adapter.nats;

import dev.dome.contracts.id.Lane;
import dev.dome.messaging.InboxPublisher.Addressed;
import dev.dome.messaging.Publication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;
import org.junit.jupiter.api.Test;

/**
 * Requests publish while acknowledgements come in: no message is forgotten in the moment in which
 * the last batch ends, and there is never more than one batch on its way.
 */
public class GatheredPublishesRaceTest {
  private final Server server = new Server();
  private final GatheredPublishes publishes = new GatheredPublishes(server::take);
  private final List<CompletableFuture<Publication>> asked = new ArrayList<>();

  @Operation
  public void publish() {
    CompletableFuture<Publication> one = publishes.publish(new Lane(0), null);
    synchronized (asked) {
      asked.add(one);
    }
  }

  @Operation
  public void acknowledge() {
    server.acknowledge();
  }

  @Validate
  public void everyoneIsAnswered() {
    while (server.acknowledge()) {
      // Until nothing is on its way any more.
    }
    if (server.tooMany) {
      throw new IllegalStateException("two batches were on their way");
    }
    for (CompletableFuture<Publication> one : asked) {
      if (!one.isDone()) {
        throw new IllegalStateException("a message waits although nothing is on its way");
      }
    }
  }

  /** What is on its way, and whether there was ever more than one. */
  private static final class Server {
    private final Deque<CompletableFuture<Publication>> inFlight = new ArrayDeque<>();
    private boolean tooMany;

    synchronized CompletionStage<Publication> take(List<Addressed> batch) {
      CompletableFuture<Publication> answer = new CompletableFuture<>();
      tooMany |= batch.isEmpty() || !inFlight.isEmpty();
      inFlight.add(answer);
      return answer;
    }

    boolean acknowledge() {
      CompletableFuture<Publication> answer;
      synchronized (this) {
        answer = inFlight.poll();
      }
      return answer != null && answer.complete(new Publication.Stored(1));
    }
  }

  @Test
  void noInterleavingForgetsAMessage() {
    new ModelCheckingOptions()
        .iterations(8)
        .invocationsPerIteration(150)
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(1)
        .actorsAfter(0)
        .verifier(EpsilonVerifier.class)
        .check(GatheredPublishesRaceTest.class);
  }
}
