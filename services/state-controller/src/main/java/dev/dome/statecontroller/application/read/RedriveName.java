package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.RunId;
import dev.dome.kernel.RunStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which run the next redrive is: {@code <root>.rN}, where the root is the first run of the chain.
 * While the newest redrive of the chain is open, or once it was promoted, every redrive is named
 * after that one, so that a repeat meets it and anything else is refused by whoever owns the run;
 * otherwise it gets the next free number.
 */
public final class RedriveName {
  /** How many names are looked up at once; a chain longer than this is looked up again. */
  public static final int WINDOW = 32;

  private static final Pattern NUMBERED = Pattern.compile("(.+)\\.r[1-9][0-9]{0,5}");

  private RedriveName() {}

  /** The run that the chain of a run began with. */
  public static String root(RunId runId, RunId redriveOf) {
    Matcher numbered = NUMBERED.matcher(runId.value());
    return redriveOf != null && numbered.matches() ? numbered.group(1) : runId.value();
  }

  /** The names from a number on; those too long for a run id are left out. */
  public static List<RunId> candidates(String root, int from) {
    return IntStream.range(from, from + WINDOW)
        .mapToObj(number -> root + ".r" + number)
        .filter(name -> RunId.PATTERN.matcher(name).matches())
        .map(RunId::new)
        .toList();
  }

  /**
   * The name to take.
   *
   * @param candidates in order of their numbers
   * @param taken the runs that exist under them
   * @param newest the chain's newest redrive with a smaller number, or null
   * @return empty when every candidate is taken, with {@link #newest} to go on from
   */
  public static Optional<RunId> next(
      List<RunId> candidates, List<RunRecord> taken, RunRecord newest) {
    Map<RunId, RunRecord> byName = new HashMap<>();
    taken.forEach(run -> byName.put(run.runId(), run));
    RunRecord last = newest;
    for (RunId name : candidates) {
      RunRecord run = byName.get(name);
      if (run == null) {
        return Optional.of(last != null && stands(last) ? last.runId() : name);
      }
      if (run.redriveOf() != null) {
        last = run;
      }
    }
    return Optional.empty();
  }

  /** The newest redrive among the taken names, or the one before them. */
  public static RunRecord newest(List<RunId> candidates, List<RunRecord> taken, RunRecord before) {
    return taken.stream()
        .filter(run -> run.redriveOf() != null)
        .max(
            (a, b) -> Integer.compare(candidates.indexOf(a.runId()), candidates.indexOf(b.runId())))
        .orElse(before);
  }

  private static boolean stands(RunRecord run) {
    return !run.status().isFinal() || run.status() == RunStatus.PROMOTED;
  }
}
