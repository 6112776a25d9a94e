package dev.dome.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.erdtman.jcs.NumberToJSON;

/**
 * RFC 8785 canonical JSON of a tree, and SHA-256 over it. Integers beyond ±(2^53 − 1) have no
 * canonical form there and are refused: write them as strings.
 */
public final class CanonicalJson {
  private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

  private CanonicalJson() {}

  /**
   * A part of a tree whose canonical text is known already; {@code putPOJO} puts it in.
   *
   * @param text what {@link CanonicalJson#text} gives for that part
   */
  public record Fragment(String text) {}

  public static String text(JsonNode tree) {
    StringBuilder out = new StringBuilder(256);
    append(tree, out);
    return out.toString();
  }

  public static byte[] bytes(JsonNode tree) {
    return text(tree).getBytes(StandardCharsets.UTF_8);
  }

  /** SHA-256 over the canonical bytes, 64 hex digits. */
  public static String sha256(JsonNode tree) {
    return sha256(bytes(tree));
  }

  /** SHA-256 over the bytes as they are, 64 hex digits. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void append(JsonNode node, StringBuilder out) {
    switch (node.getNodeType()) {
      case OBJECT -> appendObject((ObjectNode) node, out);
      case ARRAY -> appendArray((ArrayNode) node, out);
      case STRING -> appendString(node.textValue(), out);
      case NUMBER -> appendNumber(node, out);
      case BOOLEAN -> out.append(node.booleanValue());
      case NULL -> out.append("null");
      case POJO -> out.append(fragment(node).text());
      case BINARY, MISSING ->
          throw new IllegalArgumentException("no JSON value: " + node.getNodeType());
    }
  }

  private static Fragment fragment(JsonNode node) {
    if (node instanceof POJONode known && known.getPojo() instanceof Fragment fragment) {
      return fragment;
    }
    throw new IllegalArgumentException("no JSON value: " + node.getNodeType());
  }

  private static void appendObject(ObjectNode node, StringBuilder out) {
    String[] names = new String[node.size()];
    int count = 0;
    for (var fields = node.fieldNames(); fields.hasNext(); ) {
      names[count++] = fields.next();
    }
    // String order is UTF-16 code unit order, which RFC 8785 section 3.2.3 asks for.
    Arrays.sort(names);
    out.append('{');
    for (int i = 0; i < names.length; i++) {
      if (i > 0) {
        out.append(',');
      }
      appendString(names[i], out);
      out.append(':');
      append(node.get(names[i]), out);
    }
    out.append('}');
  }

  private static void appendArray(ArrayNode node, StringBuilder out) {
    out.append('[');
    for (int i = 0; i < node.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      append(node.get(i), out);
    }
    out.append(']');
  }

  private static void appendNumber(JsonNode node, StringBuilder out) {
    if (node.isIntegralNumber()) {
      if (!node.canConvertToLong()
          || node.longValue() > MAX_SAFE_INTEGER
          || node.longValue() < -MAX_SAFE_INTEGER) {
        throw new IllegalArgumentException("integer beyond 2^53: write it as a string");
      }
      out.append(node.longValue());
      return;
    }
    try {
      out.append(NumberToJSON.serializeNumber(node.doubleValue()));
    } catch (IOException e) {
      throw new IllegalArgumentException("number without a JSON form", e);
    }
  }

  /** What needs no escape is copied in one piece. */
  private static void appendString(String value, StringBuilder out) {
    out.append('"');
    int copied = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\') {
        out.append(value, copied, i).append(escaped(c));
        copied = i + 1;
      }
    }
    out.append(copied == 0 ? value : value.substring(copied)).append('"');
  }

  private static String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u%04x".formatted((int) c);
    };
  }
}
