/**
 * The journal as a service consumes it: every row once, in order, and none missing. A service
 * brings one port, {@link dev.dome.journal.JournalEffects}; reading, starting again, filling gaps
 * from the state-controller, acknowledging after the commit, lag and readiness are here. What a row
 * means lives in the service.
 */
package dev.dome.journal;
