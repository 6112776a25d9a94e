package dev.dome.contracts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Untrusted bytes to a JSON tree. What it returns has a canonical form: names are unique, numbers
 * fit a double, integers are within ±(2^53 − 1), and every text is well-formed Unicode without NUL.
 * Bad input is an answer here, never an exception.
 */
public final class StrictJson {
  public static final int MAX_BYTES = 1 << 20;
  public static final int MAX_DEPTH = 32;
  public static final int MAX_TOKENS = 100_000;
  public static final int MAX_NUMBER_CHARS = 32;

  private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

  /** ECMAScript, and so RFC 8785, writes integers below this without an exponent. */
  private static final double FIRST_WITH_EXPONENT = 1e21;

  private static final char BYTE_ORDER_MARK = '\ufeff';

  // The body is bounded before Jackson sees it, so its own limits would only hide ours. Names are
  // not interned: a table shared by all requests must not hold what strangers send.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MAX_BYTES)
                  .maxNameLength(MAX_BYTES)
                  .maxNumberLength(MAX_BYTES)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private StrictJson() {}

  /** A tree, or why there is none. */
  public sealed interface Result {
    record Parsed(JsonNode tree) implements Result {}

    /**
     * The bytes are refused.
     *
     * @param problems at least one, each with the place it was met at
     */
    record Refused(List<FieldError> problems) implements Result {
      public Refused {
        problems = List.copyOf(problems);
      }

      /** The code the whole request is answered with. */
      public ReasonCode reasonCode() {
        return problems.getFirst().reasonCode();
      }
    }
  }

  /** Reads exactly one JSON value. */
  public static Result parse(byte[] utf8) {
    if (utf8.length > MAX_BYTES) {
      return refused("", "REQUEST.BODY_TOO_LARGE", "expected at most 1 MiB");
    }
    CharBuffer text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(utf8));
    } catch (CharacterCodingException e) {
      return refused("", "REQUEST.BAD_ENCODING", "expected UTF-8 but found " + e.getMessage());
    }
    if (!text.isEmpty() && text.get(0) == BYTE_ORDER_MARK) {
      return refused("", "REQUEST.BAD_ENCODING", "expected no byte order mark");
    }
    return parse(text);
  }

  private static Result parse(CharBuffer text) {
    try (JsonParser parser =
        FACTORY.createParser(text.array(), text.arrayOffset(), text.remaining())) {
      Reader reader = new Reader(parser);
      return new Result.Parsed(reader.document());
    } catch (Unacceptable e) {
      return new Result.Refused(List.of(e.problem));
    } catch (IOException e) {
      return refused("", "REQUEST.MALFORMED_JSON", Reader.at(e));
    }
  }

  private static Result refused(String pointer, String code, String detail) {
    return new Result.Refused(List.of(new FieldError(pointer, new ReasonCode(code), detail)));
  }

  /** Carries one problem out of the recursion; never leaves this class. */
  private static final class Unacceptable extends Exception {
    private final transient FieldError problem;

    Unacceptable(String pointer, String code, String detail) {
      super(code, null, false, false);
      this.problem = new FieldError(pointer, new ReasonCode(code), detail);
    }
  }

  /** Builds the tree of one document, counting as it goes. */
  private static final class Reader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;
    private int tokens;

    Reader(JsonParser parser) {
      this.parser = parser;
    }

    JsonNode document() throws IOException, Unacceptable {
      JsonToken first = next("");
      if (first == null) {
        throw new Unacceptable("", "REQUEST.MALFORMED_JSON", "expected a JSON value but was empty");
      }
      JsonNode tree = value(first, "", 0);
      if (hasTrailingData()) {
        throw new Unacceptable("", "REQUEST.TRAILING_DATA", "expected the end of the body");
      }
      return tree;
    }

    private boolean hasTrailingData() {
      try {
        return parser.nextToken() != null;
      } catch (IOException e) {
        // Text after the value that is no JSON either is trailing data all the same.
        return true;
      }
    }

    private JsonToken next(String pointer) throws IOException, Unacceptable {
      JsonToken token = parser.nextToken();
      if (++tokens > MAX_TOKENS) {
        throw new Unacceptable(
            pointer, "REQUEST.TOO_MANY_TOKENS", "expected at most " + MAX_TOKENS + " tokens");
      }
      return token;
    }

    private JsonNode value(JsonToken token, String pointer, int depth)
        throws IOException, Unacceptable {
      return switch (token) {
        case START_OBJECT -> object(pointer, deeper(pointer, depth));
        case START_ARRAY -> array(pointer, deeper(pointer, depth));
        case VALUE_STRING -> NODES.textNode(text(parser.getText(), pointer));
        case VALUE_NUMBER_INT -> integer(pointer);
        case VALUE_NUMBER_FLOAT -> decimal(pointer);
        case VALUE_TRUE -> NODES.booleanNode(true);
        case VALUE_FALSE -> NODES.booleanNode(false);
        case VALUE_NULL -> NODES.nullNode();
        case FIELD_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
            throw new Unacceptable(pointer, "REQUEST.MALFORMED_JSON", "expected a JSON value");
      };
    }

    private static int deeper(String pointer, int depth) throws Unacceptable {
      if (depth >= MAX_DEPTH) {
        throw new Unacceptable(
            pointer, "REQUEST.TOO_DEEP", "expected at most " + MAX_DEPTH + " levels");
      }
      return depth + 1;
    }

    private ObjectNode object(String pointer, int depth) throws IOException, Unacceptable {
      ObjectNode object = NODES.objectNode();
      while (next(pointer) == JsonToken.FIELD_NAME) {
        String name = text(parser.currentName(), pointer);
        String child = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
        if (object.has(name)) {
          throw new Unacceptable(child, "REQUEST.DUPLICATE_KEY", "expected each name once");
        }
        object.set(name, value(next(child), child, depth));
      }
      return object;
    }

    private ArrayNode array(String pointer, int depth) throws IOException, Unacceptable {
      ArrayNode array = NODES.arrayNode();
      for (JsonToken t = next(pointer); t != JsonToken.END_ARRAY; t = next(pointer)) {
        array.add(value(t, pointer + "/" + array.size(), depth));
      }
      return array;
    }

    private JsonNode integer(String pointer) throws IOException, Unacceptable {
      requireShort(pointer);
      long value =
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? Long.MAX_VALUE
              : parser.getLongValue();
      if (value > MAX_SAFE_INTEGER || value < -MAX_SAFE_INTEGER) {
        throw new Unacceptable(
            pointer, "REQUEST.NUMBER_TOO_LONG", "expected an integer within 2^53 - 1");
      }
      return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
    }

    private JsonNode decimal(String pointer) throws IOException, Unacceptable {
      requireShort(pointer);
      double value = parser.getDoubleValue();
      if (!Double.isFinite(value)) {
        throw new Unacceptable(pointer, "REQUEST.BAD_NUMBER", "expected a finite number");
      }
      double size = Math.abs(value);
      // Such a number is canonically written without an exponent, as an integer too long to read.
      if (size > MAX_SAFE_INTEGER && size < FIRST_WITH_EXPONENT) {
        throw new Unacceptable(
            pointer, "REQUEST.NUMBER_TOO_LONG", "expected a number within 2^53 - 1 or from 1e21");
      }
      return NODES.numberNode(value);
    }

    private void requireShort(String pointer) throws IOException, Unacceptable {
      if (parser.getTextLength() > MAX_NUMBER_CHARS) {
        throw new Unacceptable(
            pointer,
            "REQUEST.NUMBER_TOO_LONG",
            "expected at most " + MAX_NUMBER_CHARS + " characters");
      }
    }

    /** An escape can still spell half a surrogate pair or NUL, which no store keeps faithfully. */
    private static String text(String value, String pointer) throws Unacceptable {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < value.length()
                && Character.isLowSurrogate(value.charAt(i + 1));
        if (pair) {
          i++;
        } else if (c == 0 || Character.isSurrogate(c)) {
          throw new Unacceptable(
              pointer, "REQUEST.BAD_ENCODING", "expected Unicode text without NUL");
        }
      }
      return value;
    }

    /** Where the text stops being JSON, without repeating what it holds. */
    static String at(IOException e) {
      if (e instanceof com.fasterxml.jackson.core.JsonProcessingException j
          && j.getLocation() != null) {
        return "expected JSON but failed at line %d, column %d"
            .formatted(j.getLocation().getLineNr(), j.getLocation().getColumnNr());
      }
      return "expected JSON";
    }
  }
}
