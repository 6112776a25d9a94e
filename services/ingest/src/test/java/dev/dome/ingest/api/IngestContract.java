package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.artifact.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * What the contract says beyond the resources' signatures: bodies by the ssot schema they are
 * checked against, with ssot's own example, and every answer an operation may give.
 */
public final class IngestContract implements OASFilter {
  private static final String OWNER = "ingest";
  private static final String BEARER = "bearer";
  private static final String JSON = "application/json";

  private static final String EVIDENCE_PATH = "/v1/namespaces/{ns}/evidence/{sha256}";
  private static final String PUT_EVIDENCE = "putEvidence";
  private static final String REPORT_EVENT = "reportEvent";

  /** Problems of every operation. */
  private static final List<String> PROBLEMS =
      List.of(
          "400", "401", "403", "404", "405", "406", "408", "413", "414", "415", "422", "429", "431",
          "503");

  /** The schemas a body may fit, by operation; its example is ssot's of the first. */
  private static final Map<String, List<String>> BODIES =
      Map.ofEntries(
          Map.entry("submitRun", List.of(SchemaNames.PRE_CONTRACT, SchemaNames.WORK_QUEUE)),
          Map.entry("cancelRun", List.of(SchemaNames.OPERATOR_REQUEST)),
          Map.entry("pauseRun", List.of(SchemaNames.OPERATOR_REQUEST)),
          Map.entry("resumeRun", List.of(SchemaNames.OPERATOR_REQUEST)),
          Map.entry("decideApproval", List.of(SchemaNames.APPROVAL_REQUEST)),
          Map.entry("redriveDeadLetter", List.of(SchemaNames.REDRIVE_REQUEST)),
          Map.entry("redriveDeadLetters", List.of(SchemaNames.REDRIVE_BULK_REQUEST)),
          Map.entry("rebuildStreams", List.of(SchemaNames.STREAMS_REBUILD_REQUEST)),
          Map.entry("claimTasks", List.of(SchemaNames.CLAIM_REQUEST)),
          Map.entry("heartbeat", List.of(SchemaNames.HEARTBEAT_REQUEST)),
          Map.entry("reportResult", List.of(SchemaNames.RESULT_REQUEST)),
          Map.entry("reportResults", List.of(SchemaNames.RESULTS_REQUEST)),
          Map.entry(REPORT_EVENT, List.of(SchemaNames.RESULT_EVENT)),
          Map.entry("releaseTask", List.of(SchemaNames.RELEASE_REQUEST)));

  @Override
  public void filterOpenAPI(OpenAPI contract) {
    Components components = contract.getComponents();
    if (components == null) {
      components = OASFactory.createComponents();
      contract.setComponents(components);
    }
    ContractSchemas.addTo(components);
    components.addSecurityScheme(
        BEARER,
        OASFactory.createSecurityScheme()
            .type(SecurityScheme.Type.HTTP)
            .scheme("bearer")
            .bearerFormat("JWT"));
    addUpload(contract.getPaths().getPathItem(EVIDENCE_PATH));
    contract.getPaths().getPathItems().values().forEach(IngestContract::complete);
  }

  /** The upload is a route beside the resources, so it is told here. */
  private static void addUpload(PathItem evidence) {
    evidence.setPUT(
        OASFactory.createOperation()
            .operationId(PUT_EVIDENCE)
            .summary("Stores evidence under its digest")
            .addTag("evidence")
            .parameters(evidence.getGET().getParameters()));
  }

  private static void complete(PathItem path) {
    path.addExtension("x-dome-owner", OWNER);
    path.getOperations().values().forEach(IngestContract::complete);
  }

  private static void complete(Operation operation) {
    operation.setSecurity(
        List.of(OASFactory.createSecurityRequirement().addScheme(BEARER, List.of())));
    content(operation.getOperationId())
        .ifPresent(content ->
            operation.setRequestBody(
                OASFactory.createRequestBody().required(true).content(content)));
    operation.setResponses(OASFactory.createAPIResponses());
    // Sorted, so that the document is the same whichever process writes it.
    SortedMap<String, APIResponse> answers = new TreeMap<>(successes(operation.getOperationId()));
    PROBLEMS.forEach(status -> answers.put(status, problem(status)));
    answers.forEach((status, answer) -> operation.getResponses().addAPIResponse(status, answer));
  }

  private static Optional<Content> content(String operationId) {
    return switch (operationId) {
      case PUT_EVIDENCE -> Optional.of(bytes());
      case REPORT_EVENT ->
          Optional.of(
              content(JSON, body(BODIES.get(operationId)))
                  .addMediaType(
                      EventsResource.CLOUDEVENT_JSON, body(List.of(SchemaNames.RESULT_CLOUDEVENT)))
                  .addMediaType(EventsResource.CLOUDEVENTS_BATCH_JSON, batchOfCloudEvents()));
      default ->
          Optional.ofNullable(BODIES.get(operationId)).map(schemas -> content(JSON, body(schemas)));
    };
  }

  /** Content of any type. */
  private static Content bytes() {
    return content(
        "*/*", OASFactory.createMediaType().schema(OASFactory.createSchema().format("binary")));
  }

  private static org.eclipse.microprofile.openapi.models.media.MediaType body(
      List<String> schemaNames) {
    List<Schema> schemas =
        schemaNames.stream()
            .map(name -> OASFactory.createSchema().ref(SchemaCatalog.BASE + name + ".schema.json"))
            .toList();
    return OASFactory.createMediaType()
        .schema(schemas.size() == 1 ? schemas.getFirst() : OASFactory.createSchema().oneOf(schemas))
        .example(example(schemaNames.getFirst()));
  }

  private static org.eclipse.microprofile.openapi.models.media.MediaType batchOfCloudEvents() {
    return OASFactory.createMediaType()
        .schema(
            OASFactory.createSchema()
                .type(List.of(Schema.SchemaType.ARRAY))
                .minItems(1)
                .maxItems(ReportedItems.MAX)
                .items(
                    OASFactory.createSchema()
                        .ref(SchemaCatalog.BASE + SchemaNames.RESULT_CLOUDEVENT + ".schema.json")))
        .example(List.of(example(SchemaNames.RESULT_CLOUDEVENT)));
  }

  private static Map<String, APIResponse> successes(String operationId) {
    return switch (operationId) {
      case "submitRun" ->
          Map.of(
              "200", answer("Submitted before with the same body", "RunAnswer"),
              "201", answer("Committed; Location names the run", "RunAnswer"),
              "202", answer("Durable; Location names the operation", "QueuedOperation"),
              "409", problem("409"));
      case "redriveDeadLetter" ->
          Map.of(
              "200", answer("Redriven before with the same body", "RunAnswer"),
              "201", answer("Committed; Location names the new run", "RunAnswer"),
              "202", answer("Durable; Location names the operation", "QueuedOperation"),
              "409", problem("409"));
      case "redriveDeadLetters" -> Map.of("200", answer("What came of each run", "BulkRedrive"));
      case "rebuildStreams" ->
          Map.of(
              "200", answer("Every lane's owner has begun", "StreamRebuild"),
              "202", answer("Some owners have not answered yet but will begin", "StreamRebuild"));
      case "claimTasks" ->
          Map.of(
              "200", answer("Leased tasks, or a directive beside none", "GrantedTasks"),
              "204", OASFactory.createAPIResponse().description("No task within the wait"),
              "409", problem("409"));
      case "heartbeat" ->
          Map.of("200", answer("The renewed lease", "Lease"), "409", problem("409"));
      case PUT_EVIDENCE ->
          Map.of(
              "200", answer("Stored before", "Evidence"),
              "201", answer("Stored, and on disk", "Evidence"));
      case "getEvidence" ->
          Map.of("200", OASFactory.createAPIResponse().description("The content").content(bytes()));
      case "headEvidence" ->
          Map.of(
              "200",
              OASFactory.createAPIResponse()
                  .description("There is such content; the headers say what is known of it"));
      case "reportResults" -> Map.of("200", answer("What came of each result", "ItemAnswers"));
      case REPORT_EVENT ->
          Map.of(
              "200",
                  answer(
                      "Committed, or committed before; of a batch, what came of each event",
                      "ResultAnswer",
                      "ItemAnswers"),
              "202", answer("Durable; Location names the operation", "QueuedOperation"),
              "409", problem("409"));
      case "reportResult" ->
          Map.of(
              "200", answer("Committed, or committed before", "ResultAnswer"),
              "202", answer("Durable; Location names the operation", "QueuedOperation"),
              "409", problem("409"));
      default ->
          Map.of(
              "200", answer("Committed", "RunAnswer"),
              "202", answer("Durable; Location names the operation", "QueuedOperation"),
              "409", problem("409"));
    };
  }

  private static APIResponse answer(String description, String schema) {
    return OASFactory.createAPIResponse()
        .description(description)
        .content(
            content(
                JSON,
                OASFactory.createMediaType()
                    .schema(OASFactory.createSchema().ref(schema))
                    .example(ContractSchemas.example(schema))));
  }

  /** One of two shapes; the example is of the first. */
  private static APIResponse answer(String description, String schema, String other) {
    return OASFactory.createAPIResponse()
        .description(description)
        .content(
            content(
                JSON,
                OASFactory.createMediaType()
                    .schema(
                        OASFactory.createSchema()
                            .oneOf(
                                List.of(
                                    OASFactory.createSchema().ref(schema),
                                    OASFactory.createSchema().ref(other))))
                    .example(ContractSchemas.example(schema))));
  }

  private static APIResponse problem(String status) {
    return OASFactory.createAPIResponse()
        .description(ContractSchemas.problemDescription(status))
        .content(
            content(
                Problem.MEDIA_TYPE,
                OASFactory.createMediaType().schema(OASFactory.createSchema().ref("Problem"))));
  }

  private static Content content(
      String mediaType, org.eclipse.microprofile.openapi.models.media.MediaType type) {
    return OASFactory.createContent().addMediaType(mediaType, type);
  }

  private static Object example(String schemaName) {
    String resource = "/ssot/examples/" + schemaName + ".json";
    try (InputStream in = SchemaCatalog.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar was built without " + resource);
      }
      return Json.mapper().convertValue(Json.mapper().readTree(in), Object.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Object plain(JsonNode tree) {
    return Json.mapper().convertValue(tree, Object.class);
  }
}
