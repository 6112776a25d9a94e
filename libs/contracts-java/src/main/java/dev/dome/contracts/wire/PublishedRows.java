package dev.dome.contracts.wire;

import java.util.List;

/**
 * A message of DOME_JOURNAL: rows of one lane that follow one another. One message for all that a
 * commit wrote costs the server one write and one fsync, whatever the number of rows.
 *
 * @param rows by lane position; none in the place of a row that is larger than a message, which the
 *     journal's owner has
 */
public record PublishedRows(List<PublishedRow> rows) {
  public PublishedRows {
    rows = List.copyOf(rows);
  }
}
