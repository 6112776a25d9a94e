package dev.dome.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Which paths of its working directory a command may change: those that an entry of {@code
 * allowed_paths} names and none of {@code forbidden_paths} does. An entry names a path and all that
 * is below it. With {@code *} or {@code ?} in it, it is a pattern, in which {@code **} spans any
 * number of directories; a forbidden one holds for all below as well.
 *
 * <p>What is allowed is meant letter by letter. What is forbidden is meant as it reads: letters of
 * another case, compatible forms of them and characters without a shape do not get around it, since
 * a file system may take them for the same name, and a human will. Matching takes time linear in
 * the path, whatever the pattern.
 */
final class PathRules {
  private static final Pattern SHAPELESS = Pattern.compile("\\p{Cf}");

  private final List<Predicate<String>> allowed;
  private final List<Predicate<String>> forbidden;

  private PathRules(List<Predicate<String>> allowed, List<Predicate<String>> forbidden) {
    this.allowed = allowed;
    this.forbidden = forbidden;
  }

  /**
   * The rules of a contract. An entry that is no relative path below the working directory allows
   * nothing and forbids everything: no contract that was accepted has one.
   *
   * @param constraints of the contract; may be missing
   */
  static PathRules of(JsonNode constraints) {
    List<Predicate<String>> allowed = new ArrayList<>();
    for (JsonNode entry : constraints.path("allowed_paths")) {
      String named = normalised(composed(entry.asText()));
      allowed.add(named == null ? path -> false : rule(named, false));
    }
    List<Predicate<String>> forbidden = new ArrayList<>();
    for (JsonNode entry : constraints.path("forbidden_paths")) {
      String named = normalised(asRead(entry.asText()));
      forbidden.add(named == null ? path -> true : rule(named, true));
    }
    return new PathRules(List.copyOf(allowed), List.copyOf(forbidden));
  }

  /** Whether there is nothing to check. */
  boolean isEmpty() {
    return allowed.isEmpty() && forbidden.isEmpty();
  }

  /** Whether a command may change what is at a path, relative and with {@code /}. */
  boolean permits(String path) {
    return (allowed.isEmpty() || matches(allowed, composed(path)))
        && !matches(forbidden, asRead(path));
  }

  private static boolean matches(List<Predicate<String>> rules, String path) {
    return rules.stream().anyMatch(rule -> rule.test(path));
  }

  /** A name has one spelling, however its accents are written. */
  private static String composed(String path) {
    return Normalizer.normalize(path, Normalizer.Form.NFC);
  }

  private static String asRead(String path) {
    String shaped =
        SHAPELESS.matcher(Normalizer.normalize(path, Normalizer.Form.NFKC)).replaceAll("");
    return Normalizer.normalize(
        shaped.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
  }

  /** Without empty and {@code .} segments; null when it is absolute, leads up or is malformed. */
  private static String normalised(String entry) {
    if (entry.isBlank() || entry.startsWith("/") || entry.indexOf(0) >= 0) {
      return null;
    }
    List<String> segments = new ArrayList<>();
    for (String segment : entry.split("/", -1)) {
      if (segment.equals("..")) {
        return null;
      }
      if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    return String.join("/", segments);
  }

  private static Predicate<String> rule(String named, boolean withAllBelow) {
    if (named.isEmpty()) {
      return path -> true;
    }
    if (named.indexOf('*') < 0 && named.indexOf('?') < 0) {
      return path -> path.equals(named) || path.startsWith(named + "/");
    }
    Pattern pattern =
        Pattern.compile(regex(named) + (withAllBelow ? "(?:/.*)?" : ""), Pattern.DOTALL);
    return path -> pattern.matcher(path).matches();
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    int at = 0;
    while (at < glob.length()) {
      if (glob.startsWith("**/", at)) {
        regex.append("(?:.*/)?");
        at += 3;
      } else if (glob.startsWith("**", at)) {
        regex.append(".*");
        at += 2;
      } else {
        int point = glob.codePointAt(at);
        switch (point) {
          case '*' -> regex.append("[^/]*");
          case '?' -> regex.append("[^/]");
          default -> regex.append(Pattern.quote(Character.toString(point)));
        }
        at += Character.charCount(point);
      }
    }
    return regex.toString();
  }
}
