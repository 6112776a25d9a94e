/**
 * The sixteen invariants of a dome system as checks over what anyone with a token, or an export,
 * can read. A check is written apart from the kernel wherever it can be, so that a mistake in a
 * decision is not repeated in its check. Nothing here fetches; callers hand in what they have read.
 */
package dev.dome.verification.invariant;
