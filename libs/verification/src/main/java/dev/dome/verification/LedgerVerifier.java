package dev.dome.verification;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Replay;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Verifies the ledger of one run from its first row on. Rows have the shape of the items of {@code
 * GET /v1/namespaces/{ns}/runs/{id}/ledger}.
 */
public final class LedgerVerifier {
  private LedgerVerifier() {}

  /**
   * Verifies one row per line, in UTF-8.
   *
   * @throws IOException when the lines cannot be read; whatever they hold is a finding
   */
  public static Finding verify(InputStream jsonLines) throws IOException {
    List<JournalRow> rows = new ArrayList<>();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(jsonLines, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      switch (LedgerRow.parse(line)) {
        case LedgerRow.Row(JournalRow row) -> rows.add(row);
        case LedgerRow.NoRow none -> {
          return none.at(rows.size() + 1L);
        }
      }
    }
    return judge(rows);
  }

  /** Verifies rows that were parsed already. */
  public static Finding verify(List<JsonNode> trees) {
    List<JournalRow> rows = new ArrayList<>();
    for (JsonNode tree : trees) {
      switch (LedgerRow.of(tree)) {
        case LedgerRow.Row(JournalRow row) -> rows.add(row);
        case LedgerRow.NoRow none -> {
          return none.at(rows.size() + 1L);
        }
      }
    }
    return judge(rows);
  }

  private static Finding judge(List<JournalRow> rows) {
    if (rows.isEmpty()) {
      return new Finding.Difference(1, "row", "none", "the run's submission");
    }
    JournalRow first = rows.getFirst();
    return switch (Replay.verify(rows)) {
      case Replay.Result.Match match ->
          new Finding.Match(
              first.runUid(),
              first.namespace(),
              first.envelope().runId(),
              match.sequence(),
              match.status().name(),
              match.status().isFinal(),
              match.headHash(),
              match.stateDigest());
      case Replay.Result.Difference difference -> pointed(difference);
    };
  }

  /** Narrows two envelopes down to the first place at which they differ. */
  private static Finding pointed(Replay.Result.Difference difference) {
    if (difference.what().equals("envelope")) {
      return FirstDifference.between(difference.actual(), difference.expected())
          .at(difference.sequence());
    }
    return new Finding.Difference(
        difference.sequence(), difference.what(), difference.actual(), difference.expected());
  }
}
