package dev.dome.kernel;

import java.util.List;

/**
 * What a document asks for.
 *
 * @param timeMinutes the run's time budget, or null
 */
record Plan(
    ContractVersion contractVersion,
    String baseRef,
    int maxWorkers,
    Integer timeMinutes,
    List<PlannedTask> tasks) {

  /** The plan within a profile's budgets. A work queue says itself how many workers it wants. */
  Plan within(RuntimeProfile.Budgets budgets, Input.SourceKind kind) {
    int workers =
        switch (kind) {
          case PRE_CONTRACT -> Math.min(maxWorkers, budgets.maxWorkers());
          case WORK_QUEUE -> maxWorkers;
        };
    Integer minutes = timeMinutes == null ? (Integer) budgets.timeMinutes() : timeMinutes;
    return new Plan(contractVersion, baseRef, workers, minutes, tasks);
  }
}
