package dev.dome.retryscheduler.api;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.retryscheduler.application.DeadLetter;
import dev.dome.retryscheduler.application.DeadLetterReads;
import dev.dome.retryscheduler.application.DeadLetterReads.After;
import dev.dome.retryscheduler.application.DeadLetterReads.Filter;
import dev.dome.retryscheduler.application.DeadLetterReads.Listed;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Cursors;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The tasks that were given up, and what was done about them. */
@Path("/v1/namespaces/{ns}/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ)
@Tag(name = "dead-letters")
public class DeadLettersResource {
  private static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 200;

  private final DeadLetterReads reads;

  @Inject
  DeadLettersResource(DeadLetterReads reads) {
    this.reads = reads;
  }

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listDeadLetters",
      summary = "Tasks that were given up, the latest first")
  public Uni<DeadLetterPage> list(
      @PathParam("ns") String ns,
      @QueryParam("queue") String queue,
      @QueryParam("run_id") String runId,
      @QueryParam("status") String status,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    NamespaceId namespace = RequestValues.namespace(ns);
    Filter filter =
        new Filter(
            queue(queue),
            runId == null ? null : RequestValues.runId(runId),
            RequestValues.oneOf(status, "status", DeadLetter.Status.class));
    Cursors cursors = Cursors.of("dead-letters", ns, queue, runId, status);
    int size = (int) RequestValues.number(pageSize, "page_size", DEFAULT_SIZE, 1, MAX_SIZE);
    return reads
        .list(namespace, filter, cursors.decode(cursor, After.class), size + 1)
        .map(found -> page(found, size, cursors));
  }

  @GET
  @Path("{id}")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getDeadLetter",
      summary = "A task that was given up, with every attempt")
  public Uni<DeadLetterView> get(@PathParam("ns") String ns, @PathParam("id") String id) {
    return reads
        .find(RequestValues.namespace(ns), id)
        .map(found -> found.map(DeadLetterView::whole).orElseThrow(ProblemException::notFound));
  }

  private static QueueName queue(String text) {
    if (text == null) {
      return null;
    }
    if (!QueueName.PATTERN.matcher(text).matches()) {
      throw ProblemException.badRequest(
          WebReason.BAD_PARAMETER, "queue expected " + QueueName.PATTERN);
    }
    return new QueueName(text);
  }

  private static DeadLetterPage page(List<Listed> found, int size, Cursors cursors) {
    List<Listed> shown = found.subList(0, Math.min(size, found.size()));
    List<DeadLetterView> items = shown.stream().map(DeadLetterView::brief).toList();
    if (found.size() <= size) {
      return new DeadLetterPage(items, null);
    }
    DeadLetter last = shown.getLast().deadLetter();
    return new DeadLetterPage(
        items, cursors.encode(new After(last.deadAtMs(), last.deadLetterId())));
  }
}
