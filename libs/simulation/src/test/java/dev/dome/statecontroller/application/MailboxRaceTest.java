package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;
import org.junit.jupiter.api.Test;

/**
 * Many threads offer and the writer takes: what was let in comes out once, and room that was taken
 * is given back, also by who was refused after all. A refusal beside another offer may be one too
 * many, for its asker repeats.
 */
public class MailboxRaceTest {
  private static final int ROOM_BYTES = 100;
  private static final int BODY_BYTES = 60;

  private final Mailbox mailbox = new Mailbox(2, ROOM_BYTES);
  private final AtomicInteger numbers = new AtomicInteger();
  private final Set<Long> letIn = new HashSet<>();
  private final List<Long> taken = new ArrayList<>();

  @Operation
  public void offerSmall() {
    long number = numbers.incrementAndGet();
    offer(new Command.LaneLost(new Lane(0), number), number);
  }

  @Operation
  public void offerLarge() {
    long number = numbers.incrementAndGet();
    offer(large(number, BODY_BYTES), number);
  }

  private static Command large(long number, int bytes) {
    return new Command.Delivery(new Lane(0), 1, "life", number, new byte[bytes]);
  }

  private void offer(Command command, long number) {
    if (mailbox.offer(command)) {
      synchronized (letIn) {
        letIn.add(number);
      }
    }
  }

  @Operation(nonParallelGroup = "writer")
  public void takeAll() {
    List<Command> commands = new ArrayList<>();
    mailbox.drainTo(commands, 10, 0);
    commands.forEach(command -> taken.add(numberOf(command)));
  }

  @Operation(nonParallelGroup = "writer")
  public void await() throws InterruptedException {
    mailbox.await(0);
  }

  private static long numberOf(Command command) {
    return command instanceof Command.Delivery delivery
        ? delivery.sequence()
        : ((Command.LaneLost) command).epoch();
  }

  @Validate
  public void nothingIsLostAndAllRoomIsBack() {
    takeAll();
    if (taken.size() != letIn.size() || !letIn.containsAll(taken)) {
      throw new IllegalStateException("let in were " + letIn + " but taken " + taken);
    }
    if (!mailbox.offer(large(0, ROOM_BYTES))) {
      throw new IllegalStateException("an empty mailbox has not all of its room");
    }
  }

  @Test
  void noInterleavingLosesACommandOrRoom() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(100)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(1)
        .actorsAfter(0)
        .verifier(EpsilonVerifier.class)
        .check(MailboxRaceTest.class);
  }
}
