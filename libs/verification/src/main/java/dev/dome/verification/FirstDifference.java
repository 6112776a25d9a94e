package dev.dome.verification;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The first place, in the order of names, at which two documents differ.
 *
 * @param pointer a JSON pointer, RFC 6901
 * @param recorded canonical JSON of what stands there, {@code nothing} when nothing does
 * @param derived the same of what should
 */
public record FirstDifference(String pointer, String recorded, String derived) {
  private static final String NO_FORM = "without a canonical form";

  /** Empty when both have one canonical form. */
  public static Optional<FirstDifference> between(JsonNode recorded, JsonNode derived) {
    return differ(recorded, derived)
        ? Optional.of(between("", recorded, derived))
        : Optional.empty();
  }

  /** Both texts are JSON and differ. */
  static FirstDifference ofEnvelopes(String recorded, String derived) {
    return between("/envelope", tree(recorded), tree(derived));
  }

  Finding.Difference at(long sequence) {
    return new Finding.Difference(sequence, pointer, recorded, derived);
  }

  private static JsonNode tree(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class);
  }

  private static FirstDifference between(String pointer, JsonNode recorded, JsonNode derived) {
    if (recorded.isObject() && derived.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      recorded.fieldNames().forEachRemaining(names::add);
      derived.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        if (differ(recorded.path(name), derived.path(name))) {
          String escaped = name.replace("~", "~0").replace("/", "~1");
          return between(pointer + "/" + escaped, recorded.path(name), derived.path(name));
        }
      }
    }
    if (recorded.isArray() && derived.isArray()) {
      for (int i = 0; i < Math.max(recorded.size(), derived.size()); i++) {
        if (differ(recorded.path(i), derived.path(i))) {
          return between(pointer + "/" + i, recorded.path(i), derived.path(i));
        }
      }
    }
    return new FirstDifference(pointer, text(recorded), text(derived));
  }

  /** What has no canonical form was never dome's, so it is the same as nothing. */
  private static boolean differ(JsonNode recorded, JsonNode derived) {
    String text = text(recorded);
    return text.equals(NO_FORM) || !text.equals(text(derived));
  }

  private static String text(JsonNode node) {
    if (node.isMissingNode()) {
      return "nothing";
    }
    try {
      return CanonicalJson.text(node);
    } catch (IllegalArgumentException e) {
      return NO_FORM;
    }
  }
}
