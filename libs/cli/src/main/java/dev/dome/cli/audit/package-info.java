/**
 * The audit on the command line: asking it, taking a run's part of it away as a BagIt bag, and
 * checking such a bag without a server.
 */
package dev.dome.cli.audit;
