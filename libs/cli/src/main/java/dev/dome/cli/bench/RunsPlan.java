package dev.dome.cli.bench;

/** How much of what is measured, and with how many hands. */
record RunsPlan(int runs, int workers, int slots, int submitters, int alone, int warmup) {}
