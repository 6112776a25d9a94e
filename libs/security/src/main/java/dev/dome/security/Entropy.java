package dev.dome.security;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;

/**
 * Random base64 text without a telling prefix. Words run in one case, so what gives random text
 * away beside its entropy is how often it changes between capital, small letter and digit: about 64
 * times in 100 characters, where names in camel case do so about 25 times.
 */
final class Entropy implements SecretRule {
  private static final String NAME = "high-entropy";
  private static final Pattern CANDIDATE = Pattern.compile("[A-Za-z0-9+/_-]{24,}={0,2}");
  private static final int MIN_CHARS = 24;

  /** One digit is common in names of classes, as in Http2. */
  private static final int MIN_DIGITS = 2;

  private static final double MIN_BITS_PER_CHAR = 3.8;
  private static final double MIN_CHANGES_PER_CHAR = 0.42;

  /** Of either case. A path with an id in it often has one word that begins with a capital. */
  private static final int MIN_LETTERS = 3;

  @Override
  public void find(String text, String lowerCase, List<Match> matches) {
    if (!hasLongRun(text)) {
      return;
    }
    Matcher matcher = CANDIDATE.matcher(text);
    while (matcher.find()) {
      String candidate = matcher.group();
      if (!isDigest(text, matcher.start(), candidate) && isRandom(candidate)) {
        matches.add(new Match(matcher.start(), matcher.end(), NAME));
      }
    }
  }

  private static boolean hasLongRun(String text) {
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = isBase64(text.charAt(i)) ? run + 1 : 0;
      if (run >= MIN_CHARS) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBase64(char c) {
    return classOf(c) != 3 || c == '+' || c == '/' || c == '_' || c == '-';
  }

  /** Subresource-integrity digests are published to be seen. */
  private static boolean isDigest(String text, int start, String candidate) {
    return candidate.matches("sha(?:1|256|384|512)-.*")
        || (start >= 7 && text.substring(start - 7, start).matches("sha(?:256|384|512):"));
  }

  private static boolean isRandom(String candidate) {
    int[] counts = new int[128];
    int[] classes = new int[4];
    int changes = 0;
    for (int i = 0; i < candidate.length(); i++) {
      char c = candidate.charAt(i);
      counts[c]++;
      classes[classOf(c)]++;
      if (i > 0 && classOf(c) != classOf(candidate.charAt(i - 1))) {
        changes++;
      }
    }
    return classes[0] >= MIN_LETTERS
        && classes[1] >= MIN_LETTERS
        && classes[2] >= MIN_DIGITS
        && changes >= MIN_CHANGES_PER_CHAR * (candidate.length() - 1)
        && bitsPerChar(counts, candidate.length()) >= MIN_BITS_PER_CHAR;
  }

  private static int classOf(char c) {
    if (c >= 'A' && c <= 'Z') {
      return 0;
    }
    if (c >= 'a' && c <= 'z') {
      return 1;
    }
    return c >= '0' && c <= '9' ? 2 : 3;
  }

  /** Shannon entropy of the characters' frequencies. */
  private static double bitsPerChar(int[] counts, int length) {
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        double share = (double) count / length;
        bits -= share * Math.log(share) / Math.log(2);
      }
    }
    return bits;
  }
}
