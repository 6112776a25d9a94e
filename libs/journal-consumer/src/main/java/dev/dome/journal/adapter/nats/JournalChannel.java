package dev.dome.journal.adapter.nats;

import dev.dome.journal.JournalApplier;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Acknowledges each batch of the journal once it is committed. */
@ApplicationScoped
public class JournalChannel {
  private static final Logger LOG = Logger.getLogger(JournalChannel.class);

  private final JournalApplier applier;

  @Inject
  JournalChannel(JournalApplier applier) {
    this.applier = applier;
  }

  /** A batch that cannot be applied is handed back, which makes its lane start again. */
  @Incoming("journal")
  public Uni<Void> apply(Message<JournalBatch> message) {
    return applier
        .apply(message.getPayload())
        .onItemOrFailure()
        .transformToUni((done, failure) ->
            Uni.createFrom()
                .completionStage(
                    () -> failure == null ? message.ack() : handBack(message, failure)));
  }

  private static CompletionStage<Void> handBack(Message<JournalBatch> message, Throwable failure) {
    LOG.warnf(
        "journal batch not applied lane=%s after=%d type=%s",
        message.getPayload().lane(),
        message.getPayload().after(),
        failure.getClass().getSimpleName());
    return message.nack(failure);
  }
}
