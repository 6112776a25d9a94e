/**
 * What the read API shows of a run: the ports it reads the record by, and pure functions from a
 * run's state to its views. Nothing here writes, and no lane writer code depends on it.
 */
package dev.dome.statecontroller.application.read;
