package dev.dome.retryscheduler.webhook.api;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.AccessDecision.Change;
import dev.dome.retryscheduler.webhook.Delivery;
import dev.dome.retryscheduler.webhook.DeliveryLoop;
import dev.dome.retryscheduler.webhook.Webhook;
import dev.dome.retryscheduler.webhook.WebhookStore;
import dev.dome.retryscheduler.webhook.WebhookStore.After;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Changes;
import dev.dome.web.Cursors;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a webhook was told, and what it was not. */
@Path("/v1/namespaces/{ns}/webhooks/{id}/deliveries")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "webhooks")
public class DeliveriesResource {
  private static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 200;

  private final WebhookStore store;
  private final DeliveryLoop loop;
  private final Clock clock;
  private final Changes changes;

  @Inject
  DeliveriesResource(WebhookStore store, DeliveryLoop loop, Clock clock, Changes changes) {
    this.store = store;
    this.loop = loop;
    this.clock = clock;
    this.changes = changes;
  }

  @GET
  @Authorized(Operation.READ_WEBHOOKS)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listDeliveries",
      summary = "A webhook's deliveries, the latest first; those of status DEAD were given up")
  public Uni<DeliveryPage> list(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @QueryParam("status") String status,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    Delivery.Status wanted = RequestValues.oneOf(status, "status", Delivery.Status.class);
    Cursors cursors = Cursors.of("deliveries", ns, id, status);
    int size = (int) RequestValues.number(pageSize, "page_size", DEFAULT_SIZE, 1, MAX_SIZE);
    var after = cursors.decode(cursor, After.class);
    return webhook(ns, id)
        .flatMap(webhook -> store.deliveries(webhook.webhookId(), wanted, after, size + 1))
        .map(found -> page(found, size, cursors));
  }

  @POST
  @Path("{delivery}/redeliver")
  @Authorized(Operation.MANAGE_WEBHOOKS)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "redeliver",
      summary = "Makes a delivery anew that has ended, and its webhook active")
  public Uni<DeliveryView> redeliver(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @PathParam("delivery") String delivery) {
    Consumer<Change> changed = changes.begun();
    return webhook(ns, id)
        .flatMap(webhook -> store.redeliver(webhook.webhookId(), delivery, clock.millis()))
        .map(found -> found.map(DeliveryView::of).orElseThrow(ProblemException::notFound))
        .invoke(view -> loop.wake())
        .invoke(view -> changed.accept(WebhookChanges.redelivered(id, view)));
  }

  private Uni<Webhook> webhook(String ns, String id) {
    NamespaceId namespace = RequestValues.namespace(ns);
    return store.find(namespace, id).map(found -> found.orElseThrow(ProblemException::notFound));
  }

  private static DeliveryPage page(List<Delivery> found, int size, Cursors cursors) {
    List<Delivery> shown = found.subList(0, Math.min(size, found.size()));
    List<DeliveryView> items = shown.stream().map(DeliveryView::of).toList();
    if (found.size() <= size) {
      return new DeliveryPage(items, null);
    }
    Delivery last = shown.getLast();
    return new DeliveryPage(
        items, cursors.encode(new After(last.createdAtMs(), last.deliveryId())));
  }
}
