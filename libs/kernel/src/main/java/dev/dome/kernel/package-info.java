/**
 * The pure machines of dome: planning, lifecycle, retry, gate and promotion. Nothing here reads a
 * clock, draws a random number, performs I/O or iterates in an unspecified order, so the same
 * inputs give the same bytes on every machine.
 */
package dev.dome.kernel;
