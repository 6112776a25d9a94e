package dev.dome.retryscheduler.webhook.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.AccessDecision.Change;
import dev.dome.retryscheduler.webhook.SigningSecret;
import dev.dome.retryscheduler.webhook.WebhookStore;
import dev.dome.retryscheduler.webhook.Webhooks;
import dev.dome.security.Operation;
import dev.dome.security.PatternRedactor;
import dev.dome.security.Redactor;
import dev.dome.web.Authorized;
import dev.dome.web.Caller;
import dev.dome.web.Changes;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Who outside is told of the events of a namespace. */
@Path("/v1/namespaces/{ns}/webhooks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "webhooks")
public class WebhooksResource {
  private static final String BODY = "https://dome.local/ssot/schemas/webhook.request.schema.json";

  private static final Redactor REDACTOR = PatternRedactor.standard();

  private final Webhooks webhooks;
  private final WebhookStore store;
  private final Caller caller;
  private final Changes changes;

  @Inject
  WebhooksResource(Webhooks webhooks, WebhookStore store, Caller caller, Changes changes) {
    this.webhooks = webhooks;
    this.store = store;
    this.caller = caller;
    this.changes = changes;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @ResponseStatus(201)
  @Authorized(Operation.MANAGE_WEBHOOKS)
  @RequestBody(
      required = true,
      content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = BODY)))
  @APIResponse(
      responseCode = "201",
      description = "It is told of events from now on; the secret is shown here and never again",
      content = @Content(schema = @Schema(implementation = WebhookView.class)))
  @APIResponse(responseCode = "422", description = "The body does not fit; errors names the places")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "addWebhook",
      summary = "Has a URL told of the namespace's events")
  public Uni<WebhookView> add(@PathParam("ns") String ns, byte[] body) {
    NamespaceId namespace = RequestValues.namespace(ns);
    Consumer<Change> changed = changes.begun();
    return webhooks
        .make(wanted(namespace, WebhookBodies.read(body)))
        .map(made ->
            switch (made) {
              case Webhooks.Made.Added(var webhook, SigningSecret secret) -> {
                changed.accept(WebhookChanges.made(webhook));
                yield WebhookView.made(webhook, secret);
              }
              case Webhooks.Made.UrlForbidden(String expected) ->
                  throw WebhookBodies.refused("/url", "SCHEMA.URL_FORBIDDEN", expected);
              case Webhooks.Made.TooMany(int max) ->
                  throw WebhookBodies.refused(
                      "", "REQUEST.LIMIT_EXCEEDED", "expected at most " + max + " webhooks");
            });
  }

  private Webhooks.Wanted wanted(NamespaceId namespace, JsonNode document) {
    Optional<SigningSecret> secret =
        Optional.ofNullable(document.path("secret").textValue())
            .map(text ->
                SigningSecret.read(text)
                    .orElseThrow(() ->
                        WebhookBodies.refused(
                            "/secret", "SCHEMA.PATTERN", "expected base64 of 24 to 64 bytes")));
    String url = document.required("url").textValue();
    if (REDACTOR.secretInUrl(uri(url))) {
      // The row keeps it in clear and every reader of the namespace is shown it.
      throw WebhookBodies.refused(
          "/url",
          "REDACTION.SECRET_IN_STEERING_FIELD",
          "expected no secret: what a receiver trusts is the signature");
    }
    return new Webhooks.Wanted(
        namespace, url, topics(document), secret, caller.identity().subject());
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw WebhookBodies.refused("/url", "SCHEMA.URL_FORBIDDEN", "expected a URL");
    }
  }

  private static List<String> topics(JsonNode document) {
    return StreamSupport.stream(document.path("topics").spliterator(), false)
        .map(JsonNode::textValue)
        .toList();
  }

  @GET
  @Authorized(Operation.READ_WEBHOOKS)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listWebhooks",
      summary = "The namespace's webhooks, the oldest first")
  public Uni<WebhookPage> list(@PathParam("ns") String ns) {
    return store
        .list(RequestValues.namespace(ns))
        .map(found -> new WebhookPage(found.stream().map(WebhookView::of).toList(), null));
  }

  @GET
  @Path("{id}")
  @Authorized(Operation.READ_WEBHOOKS)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getWebhook",
      summary = "One webhook, without its secret")
  public Uni<WebhookView> get(@PathParam("ns") String ns, @PathParam("id") String id) {
    return store
        .find(RequestValues.namespace(ns), id)
        .map(found -> found.map(WebhookView::of).orElseThrow(ProblemException::notFound));
  }

  @DELETE
  @Path("{id}")
  @Authorized(Operation.MANAGE_WEBHOOKS)
  @APIResponse(responseCode = "204", description = "It is told nothing any more")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "removeWebhook",
      summary = "Removes a webhook with all its deliveries")
  public Uni<Void> remove(@PathParam("ns") String ns, @PathParam("id") String id) {
    Consumer<Change> changed = changes.begun();
    return store
        .remove(RequestValues.namespace(ns), id)
        .map(removed -> {
          if (!removed) {
            throw ProblemException.notFound();
          }
          changed.accept(WebhookChanges.removed(id));
          return null;
        });
  }
}
