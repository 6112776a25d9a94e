package dev.dome.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The cursors of one list under one filter. A cursor is where the list goes on: base64url of the
 * canonical JSON of the last row's sort keys and of a digest of the list and its filter. Opaque to
 * clients. It grants nothing — every page is authorised and filtered anew — so it is checked for
 * form and not signed.
 */
public final class Cursors {
  private static final int MAX_CHARS = 1024;

  private final String list;

  private Cursors(String list) {
    this.list = list;
  }

  /** A cursor as it is written. */
  private record Written(String list, JsonNode place) {}

  /**
   * The cursors of a list.
   *
   * @param askedFor all that chooses its rows, the namespace and each part of the filter; null for
   *     what was not asked for
   */
  public static Cursors of(String list, String... askedFor) {
    ArrayNode identity = Json.mapper().createArrayNode().add(list);
    for (String part : askedFor) {
      identity.add(part);
    }
    return new Cursors(CanonicalJson.sha256(identity));
  }

  /** The text of a cursor; the order of the record's components does not matter. */
  public String encode(Record place) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(CanonicalJson.bytes(Json.tree(new Written(list, Json.tree(place)))));
  }

  /**
   * The place a cursor stands for; empty without one, which is the list's beginning.
   *
   * @param text as the client sent it, or null
   * @throws ProblemException 400 REQUEST.BAD_CURSOR unless {@link #encode} of this list wrote
   *     exactly this text, for a place of the type that has all its parts
   */
  public <T extends Record> Optional<T> decode(String text, Class<T> type) {
    if (text == null) {
      return Optional.empty();
    }
    if (text.length() > MAX_CHARS) {
      throw bad();
    }
    try {
      byte[] canonical = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.US_ASCII));
      JsonNode parts = Json.read(canonical, JsonNode.class).path("place");
      if (!parts.isObject() || parts.size() != type.getRecordComponents().length) {
        throw bad();
      }
      T place = Json.read(parts, type);
      if (holdsNul(canonical) || !encode(place).equals(text)) {
        throw bad();
      }
      return Optional.of(place);
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
        "The cursor is not one that this list gave out for this filter; start again without one.");
  }
}
