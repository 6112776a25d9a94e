package dev.dome.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * Which paths of its working directory a command may change: those that an entry of {@code
 * allowed_paths} names and none of {@code forbidden_paths} does. An entry names a path and all that
 * is below it; with {@code *} or {@code ?} in it, it is a pattern in which {@code **} spans
 * directories.
 */
final class PathRules {
  private final List<PathMatcher> allowed;
  private final List<PathMatcher> forbidden;

  private PathRules(List<PathMatcher> allowed, List<PathMatcher> forbidden) {
    this.allowed = allowed;
    this.forbidden = forbidden;
  }

  /**
   * The rules of a contract.
   *
   * @param constraints of the contract; may be missing
   */
  static PathRules of(JsonNode constraints) {
    return new PathRules(
        matchers(constraints.path("allowed_paths")), matchers(constraints.path("forbidden_paths")));
  }

  /** Whether there is nothing to check. */
  boolean isEmpty() {
    return allowed.isEmpty() && forbidden.isEmpty();
  }

  /** Those of the changed paths that may not be, in their order. */
  List<String> violations(List<String> changed) {
    return changed.stream().filter(path -> !permits(Path.of(path))).toList();
  }

  private boolean permits(Path path) {
    return (allowed.isEmpty() || matches(allowed, path)) && !matches(forbidden, path);
  }

  private static boolean matches(List<PathMatcher> matchers, Path path) {
    return matchers.stream().anyMatch(matcher -> matcher.matches(path));
  }

  private static List<PathMatcher> matchers(JsonNode entries) {
    List<PathMatcher> matchers = new ArrayList<>();
    entries.forEach(entry -> matchers.add(matcher(entry.asText())));
    return List.copyOf(matchers);
  }

  private static PathMatcher matcher(String entry) {
    if (entry.indexOf('*') >= 0 || entry.indexOf('?') >= 0) {
      // Braces and brackets are names here, not patterns.
      String glob = entry.replaceAll("([\\[\\]{}])", "\\\\$1");
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    }
    Path named = Path.of(entry).normalize();
    return named.toString().isEmpty() ? path -> true : path -> path.startsWith(named);
  }
}
