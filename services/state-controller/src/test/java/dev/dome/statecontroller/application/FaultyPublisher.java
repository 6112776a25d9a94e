package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.kernel.JournalRow;
import java.util.List;

/** A publisher whose every call may be the last thing its process does. */
final class FaultyPublisher implements Publisher {
  private final Publisher publisher;
  private final Faults faults;

  FaultyPublisher(Publisher publisher, Faults faults) {
    this.publisher = publisher;
    this.faults = faults;
  }

  @Override
  public void open(Lane lane, long epoch) {
    faults.call("publish lane " + lane, () -> publisher.open(lane, epoch));
  }

  @Override
  public void close(Lane lane) {
    faults.call("publish no more lane " + lane, () -> publisher.close(lane));
  }

  @Override
  public void rewound(Lane lane) {
    faults.call("publish again lane " + lane, () -> publisher.rewound(lane));
  }

  @Override
  public void committed(Lane lane, List<JournalRow> rows) {
    faults.call("hand over " + rows.size(), () -> publisher.committed(lane, rows));
  }
}
