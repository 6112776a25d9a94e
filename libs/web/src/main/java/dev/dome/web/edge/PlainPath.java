package dev.dome.web.edge;

import java.util.regex.Pattern;

/**
 * Which request paths have one reading only. The router and the resources take dot segments, empty
 * segments and matrix parameters out of a path, and escapes of letters, before they look for who
 * serves it, so that a path which has them would reach another resource than the one whose name was
 * authorised and recorded. No id needs any of them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2">RFC 3986, 6.2.2</a>
 */
final class PlainPath {
  /** Of whatever ends or hides a segment: {@code / \ ;} and the control characters, escaped. */
  private static final String ESCAPED_SEPARATOR = "%(?:[01][0-9a-f]|2f|3b|5c|7f)";

  /**
   * Of letters, digits and {@code - . _}, of which the names of resources are made. The tilde,
   * which needs no escape either, is in none, and encoders of forms escape it.
   */
  private static final String NEEDLESS_ESCAPE =
      "%(?:2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])";

  private static final Pattern BENT =
      Pattern.compile(
          "//|/\\.{1,2}(?:/|$)|[;\\\\\\p{Cntrl}]|(?i:"
              + ESCAPED_SEPARATOR
              + "|"
              + NEEDLESS_ESCAPE
              + ")");

  private PlainPath() {}

  /**
   * Whether the path is in its plain form.
   *
   * @param path as it was sent, without the query; null when it could not be read
   */
  static boolean is(String path) {
    return path != null && !BENT.matcher(path).find();
  }
}
