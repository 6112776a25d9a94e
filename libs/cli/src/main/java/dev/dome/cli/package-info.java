/**
 * The command line: one class per command, each a thin use of the SDK or of the local stack. No
 * rule of dome's domain lives here.
 */
package dev.dome.cli;
