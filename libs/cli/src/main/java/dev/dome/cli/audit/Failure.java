package dev.dome.cli.audit;

/** The first thing that does not hold; ends a check. Carries no stack trace: it is a finding. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Failure(String finding) {
    super(finding, null, false, false);
  }

  static void unless(boolean holds, String finding) {
    if (!holds) {
      throw new Failure(finding);
    }
  }
}
