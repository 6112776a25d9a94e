package dev.dome.messaging;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes journal rows to their lane, in order, as few messages as {@link #MAX_BYTES} allows
 * ({@link dev.dome.contracts.wire.PublishedRows}). A message is stored whole or not at all, which
 * is what an atomic batch would give, for one fsync instead of one per row and without the files
 * that the server stages a batch in. Messages carry no Nats-Msg-Id: readers recognise repeats by
 * lane position.
 *
 * <p>In the place of a row that is larger than the server takes, a message without rows is stored:
 * its readers ask the journal's owner for what they lack, and the lane goes on.
 */
public final class RowPublisher {
  /** Well below the payload that servers allow by default, 1 MiB. */
  static final int MAX_BYTES = 512 << 10;

  private static final byte[] HEAD = "{\"rows\":[".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TAIL = "]}".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NO_ROWS = "{\"rows\":[]}".getBytes(StandardCharsets.US_ASCII);

  private final NatsLink link;

  RowPublisher(NatsLink link) {
    this.link = link;
  }

  /**
   * Publishes rows that are JSON of {@link dev.dome.contracts.wire.PublishedRow}. {@link
   * Publication.Stored} means that all of them are stored, and tells the last message's sequence.
   * After a failure a prefix of them may be stored; the caller repeats from its published position,
   * and must not publish to the lane before that.
   *
   * @param rows at least one; those that are {@link #tooLarge} have their place kept by a message
   *     without rows
   */
  public CompletableFuture<Publication> publish(Lane lane, List<byte[]> rows) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("at least one row is published");
    }
    return publish(Subjects.journal(lane), messages(rows), 0);
  }

  /** One after the other, so that a message that was not stored leaves no gap in front of one. */
  private CompletableFuture<Publication> publish(String subject, List<byte[]> messages, int next) {
    CompletableFuture<Publication> one =
        Acknowledgements.request(link, subject, null, messages.get(next), link.budget().batch());
    return next + 1 == messages.size()
        ? one
        : one.thenCompose(publication ->
            publication instanceof Publication.Stored
                ? publish(subject, messages, next + 1)
                : CompletableFuture.completedFuture(publication));
  }

  /** Whether no message of the server holds the row; false while no server has said. */
  public boolean tooLarge(byte[] row) {
    long maxPayload = link.connected() ? link.connection().getMaxPayload() : 0;
    return maxPayload > 0 && HEAD.length + row.length + TAIL.length > maxPayload;
  }

  private List<byte[]> messages(List<byte[]> rows) {
    List<byte[]> messages = new ArrayList<>();
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (byte[] row : rows) {
      boolean tooLarge = tooLarge(row);
      if (message.size() > 0 && (tooLarge || message.size() + row.length > MAX_BYTES)) {
        messages.add(closed(message));
      }
      if (tooLarge) {
        messages.add(NO_ROWS);
      } else {
        message.writeBytes(message.size() == 0 ? HEAD : new byte[] {','});
        message.writeBytes(row);
      }
    }
    if (message.size() > 0) {
      messages.add(closed(message));
    }
    return messages;
  }

  private static byte[] closed(ByteArrayOutputStream message) {
    message.writeBytes(TAIL);
    byte[] bytes = message.toByteArray();
    message.reset();
    return bytes;
  }
}
