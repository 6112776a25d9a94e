package dev.dome.cli.bench;

/**
 * What is measured.
 *
 * @param timers how many become due in the window
 * @param seconds the window, 1 to 60
 * @param alone whether the state-controller is stopped while they fire
 * @param piled whether retry-scheduler is stopped until all of them are due
 */
record TimersPlan(int timers, int seconds, boolean alone, boolean piled) {}
