package dev.dome.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Writes to files and their syncs in the order of time, read from the output of {@code strace -f
 * -ttt -T -y}, which strace(1) describes. Times are seconds since the epoch by the machine's clock.
 */
public final class SyncedWrites {
  /** Process, begin, name, file, and the rest of the line. */
  private static final Pattern CALL =
      Pattern.compile("(\\d+) +(\\d+\\.\\d+) (\\w+)\\(\\d+<([^>]*)>(.*)", Pattern.DOTALL);

  private static final Pattern RESUMED =
      Pattern.compile("(\\d+) +\\d+\\.\\d+ <\\.\\.\\. \\w+ resumed>(.*)", Pattern.DOTALL);
  private static final Pattern RETURNED = Pattern.compile("= (-?\\d+).* <(\\d+\\.\\d+)>$");
  private static final String UNFINISHED = "<unfinished ...>";

  private final List<Call> writes = new ArrayList<>();
  private final List<Call> syncs = new ArrayList<>();

  /** One call that returned without an error. */
  private record Call(String file, String data, double beganAt, double endedAt) {}

  /** A call that has not returned yet, of one thread. */
  private record Begun(boolean isSync, String file, String data, double beganAt) {}

  private SyncedWrites() {}

  static SyncedWrites none() {
    return new SyncedWrites();
  }

  /** From a trace that has ended. */
  static SyncedWrites read(Path trace) {
    var synced = new SyncedWrites();
    Map<String, Begun> open = new HashMap<>();
    try (var lines = Files.lines(trace, StandardCharsets.ISO_8859_1)) {
      lines.forEach(line -> synced.add(line, open));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return synced;
  }

  private void add(String line, Map<String, Begun> open) {
    var call = CALL.matcher(line);
    if (call.matches()) {
      var rest = call.group(5);
      var begun =
          new Begun(
              call.group(3).endsWith("sync"),
              call.group(4),
              rest,
              Double.parseDouble(call.group(2)));
      if (rest.endsWith(UNFINISHED)) {
        open.put(call.group(1), begun);
      } else {
        ended(begun, rest);
      }
      return;
    }
    var resumed = RESUMED.matcher(line);
    if (resumed.matches()) {
      var begun = open.remove(resumed.group(1));
      if (begun != null) {
        ended(begun, resumed.group(2));
      }
    }
  }

  private void ended(Begun begun, String rest) {
    var returned = RETURNED.matcher(rest);
    if (!returned.find() || Long.parseLong(returned.group(1)) < 0) {
      return;
    }
    var call =
        new Call(
            begun.file(),
            begun.isSync() ? "" : begun.data(),
            begun.beganAt(),
            begun.beganAt() + Double.parseDouble(returned.group(2)));
    (begun.isSync() ? syncs : writes).add(call);
  }

  /**
   * When a write that contains the text was on disk: the end of the first sync of the same file
   * that began after the write had ended.
   *
   * @param file a part of the path of the files that count
   * @return seconds since the epoch; empty when there is no such write, or none that was synced
   */
  public OptionalDouble syncedAt(String text, String file) {
    return writes.stream()
        .filter(write -> write.file().contains(file) && write.data().contains(text))
        .flatMapToDouble(write -> syncedAfter(write).stream())
        .min();
  }

  private OptionalDouble syncedAfter(Call write) {
    return syncs.stream()
        .filter(sync -> sync.file().equals(write.file()) && sync.beganAt() >= write.endedAt())
        .mapToDouble(Call::endedAt)
        .min();
  }
}
