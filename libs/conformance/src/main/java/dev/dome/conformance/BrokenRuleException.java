package dev.dome.conformance;

/** Ends a scenario: the worker broke its rule, and the rest of the scenario means nothing. */
final class BrokenRuleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokenRuleException(String message) {
    super(message);
  }
}
