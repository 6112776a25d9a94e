package dev.dome.statecontroller.adapter.nats;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import dev.dome.kernel.JournalRow;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.messaging.RowPublisher;
import dev.dome.messaging.Streams;
import dev.dome.statecontroller.application.JournalStream;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** DOME_JOURNAL, many rows to a message. */
public final class NatsJournalStream implements JournalStream {
  private static final System.Logger LOG = System.getLogger(NatsJournalStream.class.getName());

  private final RowPublisher publisher;
  private final Streams streams;

  public NatsJournalStream(NatsLink link) {
    this.publisher = link.rowPublisher();
    this.streams = link.streams();
  }

  @Override
  public CompletableFuture<Boolean> append(Lane lane, List<JournalRow> rows) {
    return publisher
        .publish(lane, rows.stream().map(Json::write).toList())
        .thenApply(publication -> durable(lane, publication));
  }

  private static boolean durable(Lane lane, Publication publication) {
    return switch (publication) {
      case Publication.Stored stored -> true;
      case Publication.Failed failed -> {
        LOG.log(Level.WARNING, "journal not published lane={0} cause={1}", lane, failed.cause());
        yield false;
      }
    };
  }

  @Override
  public String incarnation() {
    return streams.incarnation(Subjects.JOURNAL_STREAM);
  }
}
