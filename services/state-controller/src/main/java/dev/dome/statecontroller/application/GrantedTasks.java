package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Claim;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.List;

/**
 * The tasks of one claim while they are granted: as many as were asked for and one message holds.
 * The first always fits, because {@link RowLimits} bounds the plan it comes from.
 */
final class GrantedTasks {
  /** Half of what a message may have, since the answer to a report holds more than the tasks. */
  static final int MAX_BYTES = 1 << 20;

  /** Ids, times and the trace context of a task. */
  private static final int AROUND_BYTES = 1_024;

  private final int wanted;
  private final List<Claim.GrantedTask> tasks = new ArrayList<>(1);
  private long bytes;
  private long bytesWithNext;
  private boolean full;

  GrantedTasks(int wanted) {
    this.wanted = Math.max(1, wanted);
  }

  /** Whether the task may be granted as well; once one may not, no other is. */
  boolean hasRoomFor(TaskState task, JsonNode inputs) {
    if (wanted > 1) {
      bytesWithNext =
          bytes + Json.write(inputs).length + Json.write(task.plan().goal()).length + AROUND_BYTES;
      full = !tasks.isEmpty() && bytesWithNext > MAX_BYTES;
    }
    return !full;
  }

  /** Adds the task that there was room for last. */
  void add(Claim.GrantedTask task) {
    tasks.add(task);
    bytes = bytesWithNext;
  }

  boolean full() {
    return full || tasks.size() == wanted;
  }

  List<Claim.GrantedTask> all() {
    return tasks;
  }
}
