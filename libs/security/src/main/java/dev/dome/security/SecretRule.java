package dev.dome.security;

import java.util.List;

/** One way to recognise secrets in a text; safe for use by many threads. */
interface SecretRule {
  /** A secret's place, half-open, and the rule that found it. */
  record Match(int start, int end, String rule) {}

  /**
   * Adds every match.
   *
   * @param lowerCase the text in lower case, for quick exclusion
   */
  void find(String text, String lowerCase, List<Match> matches);
}
