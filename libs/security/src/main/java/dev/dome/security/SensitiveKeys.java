package dev.dome.security;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Whether a field's name says that its value is a secret: the last words of the name are one of the
 * tokens. So {@code githubToken} and {@code X-Api-Key} are, {@code max_tokens} and {@code
 * token_count} are not.
 */
final class SensitiveKeys {
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern OTHER = Pattern.compile("[^a-z0-9]++");
  private static final int MAX_REMEMBERED = 4096;
  private static final int MAX_REMEMBERED_CHARS = 64;

  private final List<String> tokens;
  private final Map<String, Boolean> remembered = new ConcurrentHashMap<>();

  SensitiveKeys(List<String> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  boolean matches(String name) {
    Boolean known = remembered.get(name);
    if (known != null) {
      return known;
    }
    boolean answer = compute(name);
    // Names come from strangers, so what is remembered is bounded.
    if (remembered.size() < MAX_REMEMBERED && name.length() <= MAX_REMEMBERED_CHARS) {
      remembered.put(name, answer);
    }
    return answer;
  }

  private boolean compute(String name) {
    String words = HUMP.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
    String plain = OTHER.matcher(words).replaceAll("_");
    int end = plain.length();
    while (end > 0 && (Character.isDigit(plain.charAt(end - 1)) || plain.charAt(end - 1) == '_')) {
      end--;
    }
    String trimmed = plain.substring(0, end);
    return tokens.stream()
        .anyMatch(token -> trimmed.equals(token) || trimmed.endsWith("_" + token));
  }
}
