package dev.dome.cli.bench;

/**
 * How much of what is measured, and with how many hands.
 *
 * @param clients each has one run under way at once
 */
record RunsPlan(int runs, int workers, int slots, int clients, int alone, int warmup) {}
