package dev.dome.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.model.Grant;
import dev.dome.client.model.StoredEvidence;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.ResultStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a typed handler is given, and what becomes of what it returns. */
final class TypedHandlerTest {
  private final List<byte[]> uploads = new ArrayList<>();

  record Parcel(String parcelId, int weightGrams) {}

  record Postage(long cents, String label) {}

  @Test
  void inputsAreReadFromTheTaskSpecAndTheOutputIsTheEvidence() throws Exception {
    Result result =
        work((parcel, task) -> new Postage(parcel.weightGrams() * 2L, parcel.parcelId()))
            .handle(task("{\"parcel_id\":\"p-7\",\"weight_grams\":40,\"colour\":\"red\"}"));

    assertThat(result.status()).isEqualTo(ResultStatus.PASS);
    assertThat(result.evidence().path("output").path("cents").asLong()).isEqualTo(80);
    assertThat(result.evidence().path("output").path("label").asText()).isEqualTo("p-7");
  }

  @Test
  void aLargeOutputIsStoredAndNamedByItsDigest() throws Exception {
    Result result =
        work((parcel, task) -> new Postage(1, "x".repeat(10_000)))
            .handle(task("{\"parcel_id\":\"p-7\",\"weight_grams\":40}"))
            .stored(this::store);

    JsonNode artifact = result.evidence().path("artifacts").get(0);
    assertThat(uploads).hasSize(1);
    assertThat(artifact.path("sha256").asText()).isEqualTo("digest-1");
    assertThat(artifact.path("media_type").asText()).isEqualTo("application/json");
    assertThat(artifact.path("bytes").asInt()).isEqualTo(uploads.getFirst().length);
  }

  @Test
  void aResultIsTakenAsItIsAndNothingIsAPass() throws Exception {
    TaskContext task = task("{}");

    assertThat(work((parcel, given) -> Result.blocked("WAITING.GATE")).handle(task).status())
        .isEqualTo(ResultStatus.BLOCKED);
    assertThat(work((parcel, given) -> null).handle(task)).isEqualTo(Result.pass());
  }

  @Test
  void inputsOfAnotherShapeFailWithoutBeingQuoted() throws Exception {
    Result result =
        work((parcel, task) -> parcel).handle(task("{\"weight_grams\":\"password=hunter2\"}"));

    assertThat(result.status()).isEqualTo(ResultStatus.FAIL);
    assertThat(result.isTransient()).isFalse();
    assertThat(result.reasonCode().value()).isEqualTo("PLAN.TASK_SPEC");
    assertThat(result.notes()).isEqualTo("The inputs are no Parcel.");
  }

  @Test
  void shortTextStandsInTheEvidenceAndBytesAreStored() throws Exception {
    ObjectNode document = Json.mapper().createObjectNode().put("kept", true);
    Result result =
        Result.pass()
            .withEvidence(document)
            .withEvidence("all is well".getBytes(StandardCharsets.UTF_8), "text/plain")
            .withEvidence(new byte[] {1, 2, 3}, "application/octet-stream")
            .stored(this::store);

    JsonNode artifacts = result.evidence().path("artifacts");
    assertThat(result.evidence().path("kept").asBoolean()).isTrue();
    assertThat(artifacts.get(0).path("text").asText()).isEqualTo("all is well");
    assertThat(artifacts.get(1).path("sha256").asText()).isEqualTo("digest-1");
    assertThat(document.has("artifacts")).as("the handler's own document").isFalse();
  }

  @Test
  void contentThatIsRefusedFailsTheAttemptAndWhatCannotBeStoredNowIsTransient() throws Exception {
    Result result = Result.pass().withEvidence(new byte[] {1}, "image/png");

    Result refused = result.stored((content, mediaType) -> refuse(422, "EVIDENCE.SECRET"));
    Result postponed = result.stored((content, mediaType) -> refuse(503, "INFRA.OVERLOADED"));

    assertThat(refused).isEqualTo(Result.fail("EVIDENCE.SECRET"));
    assertThat(postponed).isEqualTo(Result.retry("INFRA.EVIDENCE_UNAVAILABLE"));
  }

  private static <R> TaskHandler work(TypedHandler<Parcel, R> handler) {
    return new TypedInputs<>(Parcel.class, handler);
  }

  private StoredEvidence store(byte[] content, String mediaType) {
    uploads.add(content);
    return new StoredEvidence("digest-" + uploads.size(), content.length, mediaType, "OPAQUE", "");
  }

  private static StoredEvidence refuse(int status, String reasonCode) {
    ObjectNode problem = Json.mapper().createObjectNode();
    problem.put("title", "no").put("reason_code", reasonCode);
    throw DomeException.refused(Transport.problemOf(status, problem));
  }

  private static TaskContext task(String inputs) throws Exception {
    JsonNode all = Json.mapper().readTree("{\"task_spec\":{\"inputs\":" + inputs + "}}");
    return new TaskContext(new Grant("pkt-1", "t", 1, "att-1", 7, "", null, "g", all, null));
  }
}
