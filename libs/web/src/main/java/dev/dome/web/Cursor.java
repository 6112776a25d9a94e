package dev.dome.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a list goes on: base64url of the canonical JSON of the last row's sort keys and of the list
 * and filter they belong to. Opaque to clients. It grants nothing — every page is authorised and
 * filtered anew — so it is checked for form and not signed.
 */
public final class Cursor {
  private static final int MAX_CHARS = 1024;

  private Cursor() {}

  /** The text of a cursor; the record's component order does not matter. */
  public static String encode(Object position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(CanonicalJson.bytes(Json.tree(position)));
  }

  /**
   * The position a cursor stands for.
   *
   * @throws ProblemException 400 REQUEST.BAD_CURSOR unless {@link #encode} wrote exactly this text
   *     for a position of the type
   */
  public static <T> T decode(String text, Class<T> type) {
    if (text.length() > MAX_CHARS) {
      throw bad();
    }
    try {
      byte[] canonical = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.US_ASCII));
      T position = Json.read(Json.read(canonical, JsonNode.class), type);
      if (position == null || holdsNul(canonical) || !encode(position).equals(text)) {
        throw bad();
      }
      return position;
    } catch (IllegalArgumentException e) {
      throw bad();
    }
  }

  /** No row has one in its sort keys, and the database takes none in a text. */
  private static boolean holdsNul(byte[] canonical) {
    return new String(canonical, StandardCharsets.UTF_8).contains("\\u0000");
  }

  private static ProblemException bad() {
    return ProblemException.badRequest(
        WebReason.BAD_CURSOR,
        "The cursor is not one that this list gave out; start again without one.");
  }
}
