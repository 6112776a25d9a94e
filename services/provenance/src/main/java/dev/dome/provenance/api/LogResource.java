package dev.dome.provenance.api;

import dev.dome.provenance.application.Bundles;
import dev.dome.provenance.application.SealStore;
import dev.dome.transparency.Hashes;
import dev.dome.transparency.TileId;
import dev.dome.transparency.TileSource.MissingTileException;
import dev.dome.transparency.TrustedRoot;
import dev.dome.web.Authenticated;
import dev.dome.web.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The transparency log as C2SP tlog-tiles serves one, and the keys to check it with. It holds
 * digests and signatures of every namespace, so any valid token reads it.
 */
@Path("/v1/log")
@Authenticated
@RunOnVirtualThread
@Tag(name = "log")
public class LogResource {
  /** What a part of a tile holds never changes. */
  private static final String FOREVER = "public, max-age=31536000, immutable";

  private static final String ASK_AGAIN = "no-cache";
  private static final String TEXT = "text/plain; charset=utf-8";

  private final SealStore store;
  private final TrustedRoot trusted;

  @Inject
  LogResource(SealStore store, TrustedRoot trusted) {
    this.store = store;
    this.trusted = trusted;
  }

  @GET
  @Path("/checkpoint")
  @Produces(MediaType.TEXT_PLAIN)
  @APIResponse(
      responseCode = "200",
      description = "The last checkpoint, a signed note",
      content =
          @Content(mediaType = MediaType.TEXT_PLAIN, schema = @Schema(type = SchemaType.STRING)))
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getCheckpoint",
      summary = "How far the log has come, as it was signed")
  public Response checkpoint(@Context Request request) {
    byte[] note =
        store.checkpoint().orElseThrow(ProblemException::notFound).getBytes(StandardCharsets.UTF_8);
    EntityTag tag = new EntityTag(HexFormat.of().formatHex(Hashes.sha256(note)));
    Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
    return (unchanged != null ? unchanged : Response.ok(note, TEXT))
        .tag(tag)
        .header(HttpHeaders.CACHE_CONTROL, ASK_AGAIN)
        .build();
  }

  @GET
  @Path("/trusted_root.json")
  @Produces(MediaType.APPLICATION_JSON)
  @APIResponse(
      responseCode = "200",
      description = "A trusted root as Sigstore defines it",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(type = SchemaType.OBJECT)))
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getTrustedRoot",
      summary = "The log's keys, as Sigstore's trusted root; compare it with one from elsewhere")
  public Response trustedRoot() {
    return Response.ok(trusted.trustedRootJson(), MediaType.APPLICATION_JSON_TYPE).build();
  }

  @GET
  @Path("/keys.json")
  @Produces(MediaType.APPLICATION_JSON)
  @APIResponse(
      responseCode = "200",
      description = "Id, SubjectPublicKeyInfo and kind of each key",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(type = SchemaType.OBJECT)))
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getStatementKeys",
      summary = "The keys of statements; compare them with those from elsewhere")
  public Response keys() {
    return Response.ok(trusted.keysJson(), MediaType.APPLICATION_JSON_TYPE).build();
  }

  @GET
  @Path("/tile/{level}/{a}")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getTile",
      summary = "A tile, or a bundle of entries at level entries, by its tlog-tiles path")
  public Response tile(@PathParam("level") String level, @PathParam("a") String a) {
    return part(level, a);
  }

  @GET
  @Path("/tile/{level}/{a}/{b}")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getTile2",
      summary = "As getTile, where the path has one part more")
  public Response tile(
      @PathParam("level") String level, @PathParam("a") String a, @PathParam("b") String b) {
    return part(level, a + "/" + b);
  }

  @GET
  @Path("/tile/{level}/{a}/{b}/{c}")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getTile3",
      summary = "As getTile, where the path has two parts more")
  public Response tile(
      @PathParam("level") String level,
      @PathParam("a") String a,
      @PathParam("b") String b,
      @PathParam("c") String c) {
    return part(level, a + "/" + b + "/" + c);
  }

  @GET
  @Path("/tile/{level}/{a}/{b}/{c}/{d}")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getTile4",
      summary = "As getTile, where the path has three parts more")
  public Response tile(
      @PathParam("level") String level,
      @PathParam("a") String a,
      @PathParam("b") String b,
      @PathParam("c") String c,
      @PathParam("d") String d) {
    return part(level, a + "/" + b + "/" + c + "/" + d);
  }

  /** Only what a published checkpoint covers: the rest is not promised yet. */
  private Response part(String level, String number) {
    long size = store.checkpoint().map(Bundles::sizeOf).orElse(0L);
    TileId.Part part =
        TileId.parse("tile/" + level + "/" + number)
            .filter(asked -> asked.width() <= asked.id().widthAt(size))
            .orElseThrow(ProblemException::notFound);
    try {
      return Response.ok(store.read(part), MediaType.APPLICATION_OCTET_STREAM_TYPE)
          .header(HttpHeaders.CACHE_CONTROL, FOREVER)
          .build();
    } catch (MissingTileException e) {
      throw new IllegalStateException("a published tile is missing", e);
    }
  }
}
