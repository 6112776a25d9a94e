package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.model.RunAck;
import dev.dome.system.Suite.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Suite.class)
class RepeatedSubmissionTest {
  private final Running suite;

  RepeatedSubmissionTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void theSameSubmissionAHundredTimesFromTenClientsIsOneRun() throws Exception {
    String runId = Documents.freshId("run");
    ObjectNode document = Documents.chain(runId, Documents.freshId("q"), 2);
    List<Callable<List<RunAck>>> clients = new ArrayList<>();
    for (int client = 0; client < 10; client++) {
      String subject = "client-" + client;
      clients.add(() -> submitTenTimes(subject, document));
    }

    List<RunAck> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<List<RunAck>> answer : threads.invokeAll(clients)) {
        answers.addAll(answer.get());
      }
    }

    assertThat(answers).hasSize(100);
    assertThat(answers).extracting(RunAck::runUid).containsOnly(answers.getFirst().runUid());
    try (DomeClient reader = suite.client("auditor", "auditor")) {
      assertThat(Histories.assertReplays(reader, runId))
          .filteredOn(row -> row.envelope().topic().equals("plan.wave.created"))
          .hasSize(1);
    }
  }

  @Test
  void anotherBodyWithTheSameRunIdIsAConflict() {
    String runId = Documents.freshId("run");
    String queue = Documents.freshId("q");
    try (DomeClient client = suite.client("submitter", "submitter")) {
      client.submit(Documents.chain(runId, queue, 2));

      assertThatThrownBy(() -> client.submit(Documents.chain(runId, queue, 3)))
          .isInstanceOfSatisfying(
              DomeException.class,
              e -> {
                assertThat(e.status()).isEqualTo(409);
                assertThat(e.problem().orElseThrow().reasonCode().value())
                    .isEqualTo("RUN.ID_CONFLICT");
              });
    }
  }

  private List<RunAck> submitTenTimes(String subject, ObjectNode document) {
    List<RunAck> answers = new ArrayList<>();
    try (DomeClient client = suite.client(subject, "submitter")) {
      for (int i = 0; i < 10; i++) {
        answers.add(client.submit(document));
      }
    }
    return answers;
  }
}
