package dev.dome.verification.invariant;

/**
 * Something that does not hold.
 *
 * @param subject what it was found on, such as {@code default/pkt-1} or {@code lane 3}
 * @param detail what was expected and what was found; never a payload
 */
public record Violation(Invariant invariant, String subject, String detail) {}
