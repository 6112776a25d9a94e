package dev.dome.cli.chaos;

/** Placeholder. */
record SoakReport(double minutes) {}
