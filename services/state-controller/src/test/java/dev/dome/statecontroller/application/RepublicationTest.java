package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A lane that is asked by its inbox to publish its journal again. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class RepublicationTest extends WriterContract {
  private final RunId runId = new RunId("run-0");
  private final Lane lane = Lane.of(namespace, runId, 16);

  RepublicationTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  private Outcome republish(String operation, long after) {
    deliver(Messages.republish(operation, namespace, after), lane);
    drive();
    return said.outcomes.get(operation);
  }

  private JournalTable.Published published() {
    return subject.table().published(List.of(lane)).get(lane);
  }

  @Test
  void theLaneIsSetBackInTheCommitAndItsPublisherIsTold() {
    submitAll(1);
    long position = subject.table().after(lane, 0, 1_000_000).getLast().lanePosition();
    long rewind = published().rewind();
    subject
        .table()
        .record(Map.of(lane, new JournalTable.Published("life-" + namespace, position, rewind)));

    Outcome outcome = republish(operation(), 1);

    assertThat(outcome.status()).isEqualTo(200);
    assertThat(outcome.body().path("lane").asInt()).isEqualTo(lane.number());
    assertThat(outcome.body().path("after").asLong()).isEqualTo(1);
    assertThat(outcome.body().path("position").asLong()).isEqualTo(position);
    assertThat(published())
        .isEqualTo(new JournalTable.Published("life-" + namespace, 1, rewind + 1));
    assertThat(said.rewound).containsExactly(lane);
  }

  @Test
  void whatLiesBeyondTheLanesEndIsNothing() {
    submitAll(1);
    long position = subject.table().after(lane, 0, 1_000_000).getLast().lanePosition();

    Outcome outcome = republish(operation(), Long.MAX_VALUE);

    assertThat(outcome.body().path("after").asLong()).isEqualTo(position);
  }

  @Test
  void theSameMessageTwiceSetsTheLaneBackOnce() {
    String operation = operation();
    republish(operation, 0);
    long rewind = published().rewind();

    republish(operation, 0);

    assertThat(published().rewind()).isEqualTo(rewind);
    assertThat(said.rewound).containsExactly(lane);
  }
}
