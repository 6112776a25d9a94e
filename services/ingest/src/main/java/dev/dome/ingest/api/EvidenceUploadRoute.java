package dev.dome.ingest.api;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.Sha256;
import dev.dome.ingest.application.EvidenceStore;
import dev.dome.ingest.application.EvidenceUploads;
import dev.dome.ingest.application.EvidenceUploads.Result;
import dev.dome.ingest.application.MediaType;
import dev.dome.ingest.config.IngestConfig;
import dev.dome.security.Identity;
import dev.dome.security.Operation;
import dev.dome.web.AccessCheck;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.access.Asked;
import dev.dome.web.edge.StatedLength;
import dev.dome.web.identity.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * {@code PUT evidence/{sha256}}. It is a route of its own because a resource method would gather
 * the body in memory, and because the HTTP layer cuts the bodies of all others off at 1 MiB.
 */
@Singleton
final class EvidenceUploadRoute {
  private static final Logger LOG = Logger.getLogger(EvidenceUploadRoute.class);

  /** After the guard and before the HTTP layer's own limit on bodies. */
  private static final int ORDER = -50;

  private static final String ROUTE = "/v1/namespaces/:ns/evidence/:sha256";
  private static final Pattern PATH = Pattern.compile("/v1/namespaces/[^/]+/evidence/[^/]+");
  private static final ReasonCode LIMITED = new ReasonCode("RATE.LIMITED");
  private static final ReasonCode TIMEOUT = new ReasonCode("EVIDENCE.UPLOAD_TIMEOUT");
  private static final int RETRY_AFTER_SECONDS = 2;

  private final Vertx vertx;
  private final RequestGuard guard;
  private final TokenVerifier tokens;
  private final AccessCheck access;
  private final EvidenceUploads uploads;
  private final EvidenceMeter meter;
  private final UploadPlaces places;
  private final UploadStream.Pace pace;

  EvidenceUploadRoute(
      Vertx vertx,
      RequestGuard guard,
      TokenVerifier tokens,
      AccessCheck access,
      EvidenceUploads uploads,
      EvidenceMeter meter,
      IngestConfig config) {
    this.vertx = vertx;
    this.guard = guard;
    this.tokens = tokens;
    this.access = access;
    this.uploads = uploads;
    this.meter = meter;
    IngestConfig.Evidence limits = config.evidence();
    this.places =
        new UploadPlaces(
            new UploadPlaces.Shares(
                limits.uploads(), limits.uploadsPerNamespace(), limits.uploadsPerSubject()));
    this.pace =
        new UploadStream.Pace(limits.uploadPause().toMillis(), limits.uploadMinBytesPerSecond());
  }

  /** Whether the request is one for this route. */
  static boolean takes(HttpServerRequest request) {
    return request.method().equals(HttpMethod.PUT) && PATH.matcher(request.path()).matches();
  }

  void register(@Observes Router router) {
    router.route(HttpMethod.PUT, ROUTE).order(ORDER).handler(this::upload);
  }

  /** What is about to be uploaded. */
  private record Announced(
      NamespaceId namespace, String subject, Sha256 digest, MediaType mediaType) {}

  private void upload(RoutingContext context) {
    HttpServerRequest request = context.request().pause();
    Announced announced;
    try {
      announced = announced(context);
      takePlace(announced);
    } catch (ProblemException refused) {
      guard.refuse(context, refused);
      return;
    }
    if (request.getHeader(HttpHeaders.EXPECT) != null) {
      context.response().writeContinue();
    }
    UploadStream.read(vertx, request, pace, () -> begin(announced))
        .eventually(() -> {
          places.giveBack(announced.namespace(), announced.subject());
          return Future.succeededFuture();
        })
        .onSuccess(result -> answer(context, announced, result))
        .onFailure(failure -> fail(context, failure));
  }

  private EvidenceUploads.Upload begin(Announced announced) throws IOException {
    return uploads.begin(announced.namespace(), announced.digest(), announced.mediaType());
  }

  /** Everything that can be said before the body is read. */
  private Announced announced(RoutingContext context) {
    HttpServerRequest request = context.request();
    NamespaceId namespace = RequestValues.namespace(context.pathParam("ns"));
    Identity identity = tokens.verify(request.getHeader(HttpHeaders.AUTHORIZATION));
    access.require(identity, Asked.of(request.path(), Operation.PUT_EVIDENCE).in(namespace));
    Sha256 digest = RequestValues.sha256(context.pathParam("sha256"));
    MediaType mediaType =
        MediaType.ofHeader(request.getHeader(HttpHeaders.CONTENT_TYPE))
            .orElseThrow(() ->
                Problems.of(
                    "REQUEST.UNSUPPORTED_MEDIA_TYPE",
                    "Content-Type expected one type and subtype, and of charsets UTF-8 only."));
    if (StatedLength.of(request) > uploads.maxBytes()) {
      throw Problems.of(uploads.tooLarge());
    }
    return new Announced(namespace, identity.subject(), digest, mediaType);
  }

  private void takePlace(Announced announced) {
    switch (places.take(announced.namespace(), announced.subject())) {
      case TAKEN -> {}
      case ALL_TAKEN ->
          throw Problems.unavailable(
              "INFRA.OVERLOADED", "As many uploads run here as may.", RETRY_AFTER_SECONDS);
      case NAMESPACE_HAS_ITS_SHARE -> throw hasItsShare("This namespace");
      case SUBJECT_HAS_ITS_SHARE -> throw hasItsShare("This principal");
    }
  }

  private static ProblemException hasItsShare(String who) {
    return ProblemException.tooMany(
        LIMITED, who + " has as many uploads under way here as it may.", RETRY_AFTER_SECONDS);
  }

  private void answer(RoutingContext context, Announced announced, Result result) {
    switch (result) {
      case Result.Stored(EvidenceStore.Kept kept) -> {
        meter.stored(kept);
        HttpServerResponse out = context.response();
        if (kept.isNew()) {
          String path = "/v1/namespaces/" + announced.namespace() + "/evidence/";
          out.putHeader(HttpHeaders.LOCATION, path + announced.digest());
        }
        out.setStatusCode(kept.isNew() ? 201 : 200)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .putHeader("X-Content-Type-Options", "nosniff")
            .end(Buffer.buffer(Json.write(kept.evidence())));
      }
      case Result.Refused refused -> refuse(context, Problems.of(refused.refusal()));
    }
  }

  private void fail(RoutingContext context, Throwable failure) {
    if (failure instanceof TimeoutException) {
      refuse(context, ProblemException.fellSilent(TIMEOUT, "The body came too slowly."));
    } else if (context.response().closed()) {
      LOG.debug("client left during an upload", failure);
    } else {
      LOG.error("evidence store failed", failure);
      refuse(context, EvidenceResource.unavailable());
    }
  }

  private void refuse(RoutingContext context, ProblemException problem) {
    if (!context.request().isEnded()) {
      // What is still to come of the body is thrown away.
      context.request().handler(piece -> {});
    }
    guard.refuse(context, problem);
  }
}
