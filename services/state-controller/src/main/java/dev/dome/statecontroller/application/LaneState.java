package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;

/** A lane this replica writes: its epoch, and where it stands as of the last commit. */
final class LaneState {
  final Lane lane;
  final long epoch;
  long position;
  InboxCursor cursor = InboxCursor.START;

  /** Whether position, cursor and ready work were read under this epoch and still hold. */
  boolean open;

  /** Names the reader of its inbox among those of this writer; 0 while nobody reads. */
  long reader;

  LaneState(Lane lane, long epoch) {
    this.lane = lane;
    this.epoch = epoch;
  }
}
