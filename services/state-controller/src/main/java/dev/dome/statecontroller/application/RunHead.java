package dev.dome.statecontroller.application;

import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.kernel.Event;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Kernel;
import dev.dome.kernel.RunState;

/**
 * A run and what its next rows hang on.
 *
 * @param headHash hash of the run's last journal row
 * @param policyDigest of the policies it is pinned to
 * @param submissionHmac keyed HMAC of the body it was made from, by the key hmacKeyId names
 */
record RunHead(
    RunState state, String headHash, String policyDigest, String submissionHmac, String hmacKeyId) {

  static final String BEFORE_FIRST = JournalRow.GENESIS;

  RunHead with(RunState next, String hash) {
    return new RunHead(next, hash, policyDigest, submissionHmac, hmacKeyId);
  }

  /** Folds the stored events, which is the only way a stored run becomes a state. */
  static RunHead of(Store.StoredRun stored) {
    RunState state = null;
    for (EventEnvelope row : stored.events()) {
      Event event = Event.read(row.topic(), row.payload());
      state = Kernel.evolve(state, event, row.sequence(), Timestamps.parse(row.ts()));
    }
    if (state == null) {
      throw new IllegalStateException("run " + stored.runUid() + " has no events");
    }
    return new RunHead(
        state,
        stored.headHash(),
        state.policies().digest(),
        stored.submissionHmac(),
        stored.hmacKeyId());
  }
}
