package dev.dome.security;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Secrets told by the name they are assigned to, as in {@code token=…} or {@code api_key: …}. Prose
 * uses the same signs, so a value must also look like one: see {@link #isPlausible}.
 */
final class Assignments implements SecretRule {
  private static final String NAME = "assignment";
  private static final String COUNTED = "tokens";
  private static final int MIN_TIGHT_CHARS = 4;
  private static final int MIN_LOOSE_CHARS = 6;
  private static final String PLACEHOLDER_STARTS = "$<{%*[(";
  private static final Set<String> PLACEHOLDERS =
      Set.of("true", "false", "null", "none", "undefined", "required", "optional", "redacted");

  private final List<String> hints;
  private final List<Pattern> patterns;

  Assignments(SecureDefaults.Redaction defaults) {
    this.hints = defaults.sensitiveKeyTokens().stream().map(Assignments::squeeze).toList();
    this.patterns = defaults.assignmentPatterns().stream().map(Pattern::compile).toList();
  }

  @Override
  public void find(String text, String lowerCase, List<Match> matches) {
    if (!mayAssign(text)) {
      return;
    }
    String squeezed = squeeze(lowerCase);
    if (hints.stream().noneMatch(squeezed::contains)) {
      return;
    }
    for (Pattern pattern : patterns) {
      Matcher matcher = pattern.matcher(text);
      while (matcher.find()) {
        addIfPlausible(text, matcher, matches);
      }
    }
  }

  private static boolean mayAssign(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '=' || c == ':' || Character.isWhitespace(c)) {
        return true;
      }
    }
    return false;
  }

  private static void addIfPlausible(String text, Matcher matcher, List<Match> matches) {
    int start = matcher.start("value");
    int end = matcher.end("value");
    boolean quoted = end - start >= 2 && isQuote(text.charAt(start));
    if (quoted) {
      start++;
      end--;
    } else if (end < text.length() && text.charAt(end) == '(') {
      // A call in a program, not a value.
      return;
    }
    boolean tight =
        text.charAt(matcher.start("operator")) == '='
            && matcher.end("operator") == matcher.start("value");
    String value = text.substring(start, end);
    if (isPlausible(value, quoted, tight) && !isCount(text, matcher.start("operator"), value)) {
      matches.add(new Match(start, end, NAME));
    }
  }

  /** As in {@code prompt_tokens=1517}: how many, not which. */
  private static boolean isCount(String text, int operator, String value) {
    String name = text.substring(Math.max(0, operator - COUNTED.length() - 2), operator);
    return name.strip().toLowerCase(Locale.ROOT).endsWith(COUNTED)
        && value.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /**
   * Directly behind an equals sign any word may be a secret. Elsewhere a bare value must be longer
   * and hold a letter and a digit or sign, which words of prose do not.
   */
  private static boolean isPlausible(String value, boolean quoted, boolean tight) {
    if (value.isEmpty()
        || PLACEHOLDER_STARTS.indexOf(value.charAt(0)) >= 0
        || PLACEHOLDERS.contains(value.toLowerCase(Locale.ROOT))
        || value.contains("://")) {
      return false;
    }
    if (tight) {
      return value.length() >= MIN_TIGHT_CHARS;
    }
    if (value.length() < MIN_LOOSE_CHARS) {
      return false;
    }
    return quoted ? value.indexOf(' ') < 0 : hasLetterAndMore(value);
  }

  private static boolean hasLetterAndMore(String value) {
    boolean more = value.chars().anyMatch(c -> !Character.isLetter(c) && "._-/".indexOf(c) < 0);
    return more && value.chars().anyMatch(Character::isLetter);
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  private static String squeeze(String text) {
    return text.replace("_", "").replace("-", "");
  }
}
