package dev.dome.kernel;

import java.util.List;

/**
 * One input, decided and applied.
 *
 * @param state after it; null when a submission was rejected
 * @param entries the rows to append: the INPUT row and its EVENT rows, or none
 */
public record Step(
    RunState state, Decision decision, List<JournalEntry> entries, List<Effect> effects) {}
