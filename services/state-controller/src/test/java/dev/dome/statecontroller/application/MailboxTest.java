package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.Lane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MailboxTest {
  private static final Lane LANE = new Lane(1);

  private static Command.Delivery delivery(long sequence, int bytes) {
    return new Command.Delivery(LANE, 1, "life", sequence, new byte[bytes]);
  }

  @Test
  void deliveriesWaitForRoomInBytesAndWhatIsSmallDoesNot() throws Exception {
    Mailbox mailbox = new Mailbox(100, 1_000);
    mailbox.put(delivery(1, 600));
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                mailbox.put(delivery(2, 600));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    await().until(() -> reader.getState() == Thread.State.WAITING);
    assertThat(mailbox.offer(new Command.LaneLost(LANE, 1))).isTrue();
    assertThat(mailbox.size()).isEqualTo(2);

    List<Command> taken = new ArrayList<>();
    mailbox.drainTo(taken, 100, 0);
    reader.join();
    mailbox.drainTo(taken, 100, 0);

    assertThat(taken).hasSize(3);
  }

  @Test
  void whoHoldsAsMuchAsTheMailboxMayGetsNothing() throws Exception {
    Mailbox mailbox = new Mailbox(100, 1_000);
    mailbox.put(delivery(1, 400));
    mailbox.put(delivery(2, 400));
    List<Command> taken = new ArrayList<>();

    mailbox.drainTo(taken, 100, 1_000);
    assertThat(taken).isEmpty();
    mailbox.drainTo(taken, 100, 900);
    assertThat(taken).hasSize(1);
  }

  @Test
  void oneThatIsLargerThanAllRoomIsLetInAlone() throws Exception {
    Mailbox mailbox = new Mailbox(100, 1_000);
    mailbox.put(delivery(1, 5_000));
    assertThat(mailbox.offer(delivery(2, 1))).isFalse();
    List<Command> taken = new ArrayList<>();

    mailbox.drainTo(taken, 100, 0);

    assertThat(taken).hasSize(1);
    assertThat(mailbox.offer(delivery(2, 1))).isTrue();
  }
}
