package dev.dome.statecontroller.application;

import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;
import org.junit.jupiter.api.Test;

/**
 * The writer hands over, the publisher makes rounds and records, and housekeeping looks whether the
 * stream was made anew, all at once: in the end the stream has every row of the table, and nothing
 * is recorded that it does not have.
 */
public class JournalPublisherRaceTest {
  private static final Lane LANE = new Lane(0);
  private static final int MOST_ROWS = 16;
  private static final List<JournalRow> ROWS = rows();

  private final Table table = new Table();
  private final Stream stream = new Stream();
  private final JournalPublisher publisher = new JournalPublisher(table, stream);

  public JournalPublisherRaceTest() {
    publisher.open(LANE, 1);
  }

  private static List<JournalRow> rows() {
    RunUid run = RunUid.derive(new NamespaceId("race"), new RunId("run-1"), "submission");
    List<JournalRow> rows = new ArrayList<>();
    for (int position = 1; position <= MOST_ROWS; position++) {
      EventEnvelope envelope =
          new EventEnvelope(
              EventEnvelope.SCHEMA_VERSION,
              position,
              run.eventId(position),
              "2027-01-15T08:00:00.000Z",
              "run.resumed",
              new RunId("run-1"),
              null);
      rows.add(
          new JournalRow(
              run,
              new NamespaceId("race"),
              LANE,
              position,
              JournalEntry.Kind.EVENT,
              envelope,
              "prev",
              "hash-" + position));
    }
    return List.copyOf(rows);
  }

  @Operation(nonParallelGroup = "writer")
  public void commit() {
    publisher.committed(LANE, table.commit(2));
  }

  @Operation(nonParallelGroup = "writer")
  public void commitAndHearNothing() {
    table.commit(1);
    publisher.rewound(LANE);
  }

  @Operation(nonParallelGroup = "publisher")
  public void publish() {
    publisher.round();
    publisher.record();
  }

  @Operation(nonParallelGroup = "housekeeping")
  public void deleteTheStream() {
    stream.makeAnew();
  }

  @Operation(nonParallelGroup = "housekeeping")
  public void look() {
    publisher.checkIncarnation();
  }

  /** Housekeeping comes by again, and rounds go on. */
  @Validate
  public void everythingGoesOut() {
    publisher.checkIncarnation();
    for (int round = 0; round < 6; round++) {
      publisher.round();
    }
    publisher.record();
    if (!stream.rows.equals(table.positions())) {
      throw new IllegalStateException("the stream has " + stream.rows + " of " + table.positions());
    }
  }

  /** The table and what is recorded of it; each call is one transaction. */
  private static final class Table implements JournalTable {
    private int committed;
    private Published recorded = new Published("", 0, 0);

    synchronized List<JournalRow> commit(int count) {
      int from = committed;
      committed = Math.min(MOST_ROWS, committed + count);
      return ROWS.subList(from, committed);
    }

    synchronized Set<Long> positions() {
      TreeSet<Long> positions = new TreeSet<>();
      ROWS.subList(0, committed).forEach(row -> positions.add(row.lanePosition()));
      return positions;
    }

    @Override
    public synchronized Map<Lane, Published> published(Collection<Lane> lanes) {
      return new HashMap<>(Map.of(LANE, recorded));
    }

    @Override
    public synchronized List<JournalRow> after(Lane lane, long position, int max) {
      return ROWS.subList((int) Math.min(position, committed), committed);
    }

    @Override
    public synchronized void record(Map<Lane, Published> progress) {
      Published next = progress.get(LANE);
      if (!recorded.incarnation().equals(next.incarnation())
          || recorded.position() < next.position()) {
        recorded = next;
      }
    }
  }

  /** The positions that the stream has in this life. */
  private static final class Stream implements JournalStream {
    private final TreeSet<Long> rows = new TreeSet<>();
    private int life = 1;

    synchronized void makeAnew() {
      life++;
      rows.clear();
    }

    @Override
    public synchronized CompletableFuture<Boolean> append(Lane lane, List<JournalRow> appended) {
      appended.forEach(row -> rows.add(row.lanePosition()));
      return CompletableFuture.completedFuture(true);
    }

    @Override
    public synchronized String incarnation() {
      return "life-" + life;
    }
  }

  @Test
  void noInterleavingLosesARow() {
    new ModelCheckingOptions()
        .iterations(6)
        .invocationsPerIteration(60)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(1)
        .actorsAfter(1)
        .verifier(EpsilonVerifier.class)
        .check(JournalPublisherRaceTest.class);
  }
}
