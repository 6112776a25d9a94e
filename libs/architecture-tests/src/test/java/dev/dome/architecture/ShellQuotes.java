package dev.dome.architecture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Finds variables outside double quotes in a bash script, which the shell splits and expands. Knows
 * quotes, comments, command substitution and {@code ${…}}; here-documents it does not know.
 */
final class ShellQuotes {
  private final String script;
  private final List<String> bare = new ArrayList<>();

  /** Whether each open command substitution is within double quotes, the script itself last. */
  private final Deque<Boolean> quoted = new ArrayDeque<>(List.of(false));

  private int at;

  private ShellQuotes(String script) {
    this.script = script;
  }

  /** Each such variable as it stands there, in order. */
  static List<String> bare(String script) {
    ShellQuotes scan = new ShellQuotes(script);
    while (scan.at < script.length()) {
      scan.step();
    }
    return scan.bare;
  }

  private void step() {
    char c = script.charAt(at);
    switch (c) {
      case '\\' -> at += 2;
      case '"' -> {
        quoted.push(!quoted.pop());
        at++;
      }
      case '\'' -> at = isQuoted() ? at + 1 : behind('\'', at + 1);
      case '#' -> at = isComment() ? behind('\n', at) : at + 1;
      case '(' -> open();
      case ')' -> close();
      case '$' -> dollar();
      default -> at++;
    }
  }

  private boolean isQuoted() {
    return quoted.getFirst();
  }

  private boolean isComment() {
    return !isQuoted() && (at == 0 || Character.isWhitespace(script.charAt(at - 1)));
  }

  /** A bare parenthesis groups; it counts so that its end is not taken for a substitution's. */
  private void open() {
    if (!isQuoted()) {
      quoted.push(false);
    }
    at++;
  }

  private void close() {
    if (!isQuoted() && quoted.size() > 1) {
      quoted.pop();
    }
    at++;
  }

  private void dollar() {
    char next = at + 1 < script.length() ? script.charAt(at + 1) : ' ';
    if (next == '(') {
      quoted.push(false);
      at += 2;
    } else if (next == '{') {
      keep(behind('}', at));
    } else if (isOfName(next) || next == '@' || next == '*') {
      int end = at + 2;
      while (end < script.length() && isOfName(script.charAt(end))) {
        end++;
      }
      keep(end);
    } else {
      at += 2;
    }
  }

  private static boolean isOfName(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private void keep(int end) {
    if (!isQuoted()) {
      bare.add(script.substring(at, end));
    }
    at = end;
  }

  private int behind(char end, int from) {
    int found = script.indexOf(end, from);
    return found < 0 ? script.length() : found + 1;
  }
}
