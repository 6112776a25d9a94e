/**
 * Checks a run's ledger without a server and without trust in whoever handed it over: the hash
 * chain, the gapless sequence, and every derived row by replaying the inputs; and makes the run's
 * manifest of what held. The only door to the kernel for the command line, so no kernel type leaves
 * this package. No I/O but reading the lines.
 */
package dev.dome.verification;
