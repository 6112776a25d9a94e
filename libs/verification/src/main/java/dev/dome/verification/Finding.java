package dev.dome.verification;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;

/** What a verification found. */
public sealed interface Finding {

  /**
   * Every row is what its inputs make it. A ledger that was cut off behind a whole step, or forged
   * from its first row on, is a match of another history: compare the head hash with one that was
   * kept elsewhere, such as the run manifest's.
   *
   * @param sequence of the last row
   * @param status of the run after it
   * @param complete whether that status is final, so that nothing can follow
   * @param headHash of the last row
   * @param stateSha256 over the canonical JSON of the run's state after it
   */
  record Match(
      RunUid runUid,
      NamespaceId namespace,
      RunId runId,
      long sequence,
      String status,
      boolean complete,
      String headHash,
      String stateSha256)
      implements Finding {}

  /**
   * The first row that is not what it should be.
   *
   * @param sequence the row's place in the ledger, from 1
   * @param what differs: a part of the row, or a JSON pointer into it
   * @param recorded what the ledger says
   * @param derived what the rows before it, and its inputs, make of it
   */
  record Difference(long sequence, String what, String recorded, String derived)
      implements Finding {}
}
