package dev.dome.statecontroller.api;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.RunId;
import java.util.List;

/** The runs that a list is asked for, as its cursors name them: too many to be repeated in each. */
final class RunsFilter {
  private RunsFilter() {}

  static String digest(List<RunId> runs) {
    return CanonicalJson.sha256(Json.tree(runs));
  }
}
