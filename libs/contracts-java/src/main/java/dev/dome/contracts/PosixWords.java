package dev.dome.contracts;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words by the quoting rules of POSIX (Shell Command Language, section
 * 2.2) and does nothing else a shell does: no expansion, no globbing, no comments. Text that a
 * shell would run as more than one simple command, redirect or substitute is refused, because
 * splitting it would quietly mean something else.
 */
public final class PosixWords {
  private static final String OPERATORS = "|&;<>()`\n\r";

  private final String text;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private int at;

  private PosixWords(String text) {
    this.text = text;
  }

  /** What became of a command line. */
  public sealed interface Result {}

  /** The words, possibly none. */
  public record Words(List<String> words) implements Result {}

  /** Why there are none; names the kind of the offence and its offset, never the text. */
  public record Refused(String detail) implements Result {}

  public static Result split(String text) {
    return new PosixWords(text).run();
  }

  private Result run() {
    while (at < text.length()) {
      char c = text.charAt(at);
      String refusal =
          switch (c) {
            case ' ', '\t' -> endWord();
            case '\'' -> singleQuoted();
            case '"' -> doubleQuoted();
            case '\\' -> escaped();
            default -> plain(c);
          };
      if (refusal != null) {
        return new Refused(refusal);
      }
    }
    endWord();
    return new Words(List.copyOf(words));
  }

  private String endWord() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
    at++;
    return null;
  }

  private String plain(char c) {
    if (OPERATORS.indexOf(c) >= 0) {
      return "expected one plain command but was a shell operator at offset " + at;
    }
    return take(c);
  }

  private String singleQuoted() {
    int end = text.indexOf('\'', at + 1);
    if (end < 0) {
      return unbalanced();
    }
    inWord = true;
    word.append(text, at + 1, end);
    at = end + 1;
    return null;
  }

  private String doubleQuoted() {
    int start = at;
    inWord = true;
    at++;
    while (at < text.length()) {
      char c = text.charAt(at);
      char next = at + 1 < text.length() ? text.charAt(at + 1) : 0;
      if (c == '"') {
        at++;
        return null;
      }
      if (c == '`' || (c == '$' && next == '(')) {
        return "expected one plain command but was a command substitution at offset " + at;
      }
      // Section 2.2.3: within double quotes a backslash escapes these four characters only.
      if (c == '\\' && next != 0 && "$`\"\\".indexOf(next) >= 0) {
        at++;
        take(next);
      } else {
        take(c);
      }
    }
    at = start;
    return unbalanced();
  }

  private String escaped() {
    if (at + 1 >= text.length()) {
      return unbalanced();
    }
    at++;
    return take(text.charAt(at));
  }

  private String take(char c) {
    inWord = true;
    word.append(c);
    at++;
    return null;
  }

  private String unbalanced() {
    return "expected a closing quote for the one at offset " + at;
  }
}
