package dev.dome.kernel;

/**
 * A decision and the state it leads to.
 *
 * @param after null when a submission was rejected
 */
record Deliberation(Decision decision, RunState after) {}
