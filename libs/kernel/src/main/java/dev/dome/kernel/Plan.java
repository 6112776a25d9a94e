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
    List<PlannedTask> tasks) {}
