package dev.dome.security;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.security.SecretRule.Match;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Finds secrets by the names of fields, by known forms, by assignments in text and by entropy. All
 * expressions run in time linear in the text. What was replaced reads {@code [REDACTED:rule]} and
 * is not found again.
 */
public final class PatternRedactor implements Redactor {
  private static final Comparator<Match> BY_PLACE =
      Comparator.comparingInt(Match::start).thenComparing(Match::end, Comparator.reverseOrder());

  /** No rule matches a shorter text: the shortest match is token=abcd. */
  private static final int MIN_CHARS = 10;

  private final SensitiveKeys keys;
  private final List<SecretRule> rules;
  private final SecretRule entropy = new Entropy();

  private PatternRedactor(SecureDefaults defaults) {
    this.keys = new SensitiveKeys(defaults.redaction().sensitiveKeyTokens());
    this.rules =
        Stream.concat(
                KnownFormats.rules().stream(), Stream.of(new Assignments(defaults.redaction())))
            .toList();
  }

  /** With the secure defaults this build was made with. */
  public static PatternRedactor standard() {
    return of(SecureDefaults.standard());
  }

  /** With secure defaults of one's own; the known forms always apply. */
  public static PatternRedactor of(SecureDefaults defaults) {
    return new PatternRedactor(defaults);
  }

  @Override
  public Redaction redact(JsonNode tree) {
    return new TreeRedaction(this).of(tree);
  }

  @Override
  public TextRedaction redactText(String text) {
    List<Match> matches = find(text, FieldKind.CONTENT);
    return new TextRedaction(
        replace(text, matches), matches.stream().map(Match::rule).distinct().sorted().toList());
  }

  @Override
  public boolean secretInId(String id) {
    return !find(id, FieldKind.IDENTIFIER).isEmpty();
  }

  @Override
  public boolean secretInUrl(URI url) {
    return Stream.of(url.toString(), read(url.getPath()), read(url.getQuery()))
            .anyMatch(part -> !find(part, FieldKind.STEERING).isEmpty())
        || Stream.of(read(url.getQuery()).split("&")).anyMatch(this::isNamedSecret);
  }

  private static String read(String partOrNull) {
    return Objects.requireNonNullElse(partOrNull, "");
  }

  private boolean isNamedSecret(String parameter) {
    int nameEnd = parameter.indexOf('=');
    return nameEnd > 0
        && nameEnd < parameter.length() - 1
        && isSensitive(parameter.substring(0, nameEnd));
  }

  boolean isSensitive(String fieldName) {
    return keys.matches(fieldName);
  }

  /** Every secret in the text, without overlaps, by place. */
  List<Match> find(String text, FieldKind kind) {
    if (text.length() < MIN_CHARS) {
      return List.of();
    }
    List<Match> matches = new ArrayList<>();
    String lowerCase = text.toLowerCase(Locale.ROOT);
    for (SecretRule rule : rules) {
      rule.find(text, lowerCase, matches);
    }
    matches.replaceAll(match -> toItsEnd(text, match));
    if (kind != FieldKind.IDENTIFIER) {
      entropy.find(text, lowerCase, matches);
    }
    return matches.isEmpty() ? matches : disjoint(matches);
  }

  /** A form of a fixed length may end inside a longer word, whose rest would stay. */
  private static Match toItsEnd(String text, Match match) {
    int end = match.end();
    while (end < text.length() && isOfToken(text.charAt(end - 1)) && isOfToken(text.charAt(end))) {
      end++;
    }
    return end == match.end() ? match : new Match(match.start(), end, match.rule());
  }

  private static boolean isOfToken(char c) {
    return c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
  }

  /** Of matches that overlap, the one that begins first stays, and of those the longest. */
  private static List<Match> disjoint(List<Match> matches) {
    matches.sort(BY_PLACE);
    List<Match> kept = new ArrayList<>();
    int end = 0;
    for (Match match : matches) {
      if (match.start() >= end) {
        kept.add(match);
        end = match.end();
      } else if (match.end() > end) {
        Match before = kept.removeLast();
        kept.add(new Match(before.start(), match.end(), before.rule()));
        end = match.end();
      }
    }
    return kept;
  }

  static String replace(String text, List<Match> matches) {
    if (matches.isEmpty()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int from = 0;
    for (Match match : matches) {
      out.append(text, from, match.start()).append(mark(match.rule()));
      from = match.end();
    }
    return out.append(text, from, text.length()).toString();
  }

  static String mark(String rule) {
    return "[REDACTED:" + rule + "]";
  }
}
