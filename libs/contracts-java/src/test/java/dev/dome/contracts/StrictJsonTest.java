package dev.dome.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.StrictJson.Result;
import dev.dome.contracts.artifact.Problem.FieldError;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StrictJsonTest {

  @Test
  void readsEveryKindOfValue() {
    Result result =
        parse("{\"a\":[1,-2.5,1e3,true,false,null,\"x\\u00e9\\ud83d\\ude00\"],\"b\":{}}");

    assertThat(result).isInstanceOf(Result.Parsed.class);
    assertThat(CanonicalJson.text(((Result.Parsed) result).tree()))
        .isEqualTo("{\"a\":[1,-2.5,1000,true,false,null,\"x\u00e9\ud83d\ude00\"],\"b\":{}}");
  }

  @Test
  void refusesWhatIsNotJson() {
    for (String text :
        new String[] {
          "",
          "  ",
          "{",
          "[1,]",
          "{'a':1}",
          "{a:1}",
          "tru",
          "01",
          "+1",
          ".5",
          "\"a",
          "\"\n\"",
          "//x\n1",
          "]",
          "\"\\x\"",
          "{\"a\" 1}",
          "\u00a01"
        }) {
      refused(text, "REQUEST.MALFORMED_JSON", "");
    }
  }

  @Test
  void refusesANameHeldTwiceAndPointsAtIt() {
    refused("{\"a\":{\"b/c\":1,\"b/c\":2}}", "REQUEST.DUPLICATE_KEY", "/a/b~1c");
    refused("{\"a\":1,\"\\u0061\":2}", "REQUEST.DUPLICATE_KEY", "/a");
  }

  @Test
  void refusesWhatNestsTooDeep() {
    String deepest = "[".repeat(StrictJson.MAX_DEPTH) + "]".repeat(StrictJson.MAX_DEPTH);

    assertThat(parse(deepest)).isInstanceOf(Result.Parsed.class);
    refused("[" + deepest + "]", "REQUEST.TOO_DEEP", "/0".repeat(StrictJson.MAX_DEPTH));
    refused("[".repeat(200_000), "REQUEST.TOO_DEEP", "/0".repeat(StrictJson.MAX_DEPTH));
  }

  @Test
  void refusesWhatFollowsTheValue() {
    refused("{} {}", "REQUEST.TRAILING_DATA", "");
    refused("1 x", "REQUEST.TRAILING_DATA", "");
    refused("{}}", "REQUEST.TRAILING_DATA", "");
    assertThat(parse("{} \n\t")).isInstanceOf(Result.Parsed.class);
  }

  @Test
  void refusesWhatIsNotPlainUtf8() {
    refused(bytes(0xef, 0xbb, 0xbf, '1'), "REQUEST.BAD_ENCODING");
    refused(bytes('"', 0xff, '"'), "REQUEST.BAD_ENCODING");
    refused(bytes('"', 0xc0, 0xaf, '"'), "REQUEST.BAD_ENCODING");
    refused(bytes('"', 0xed, 0xa0, 0x80, '"'), "REQUEST.BAD_ENCODING");
    refused("{\"a\":1}".getBytes(StandardCharsets.UTF_16), "REQUEST.BAD_ENCODING");
    refused("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE), "REQUEST.MALFORMED_JSON");
  }

  @Test
  void refusesHalfASurrogatePairAndNul() {
    refused("{\"a\":\"\\ud800\"}", "REQUEST.BAD_ENCODING", "/a");
    refused("[\"\\udc00x\"]", "REQUEST.BAD_ENCODING", "/0");
    refused("[\"a\\u0000b\"]", "REQUEST.BAD_ENCODING", "/0");
    refused("{\"\\ud800\":1}", "REQUEST.BAD_ENCODING", "");
  }

  @Test
  void refusesNumbersThatHaveNoCanonicalForm() {
    refused("[NaN]", "REQUEST.BAD_NUMBER", "/0");
    refused("[-Infinity]", "REQUEST.BAD_NUMBER", "/0");
    refused("[1e400]", "REQUEST.BAD_NUMBER", "/0");
    refused("[1e999999999]", "REQUEST.BAD_NUMBER", "/0");
    refused("{\"n\":9007199254740992}", "REQUEST.NUMBER_TOO_LONG", "/n");
    refused("{\"n\":-9007199254740992}", "REQUEST.NUMBER_TOO_LONG", "/n");
    refused("[1e17]", "REQUEST.NUMBER_TOO_LONG", "/0");
    refused("[" + "9".repeat(500_000) + "]", "REQUEST.NUMBER_TOO_LONG", "/0");
    refused("[0." + "1".repeat(500_000) + "]", "REQUEST.NUMBER_TOO_LONG", "/0");
    assertThat(parse("[9007199254740991,-9007199254740991,1e21]"))
        .isInstanceOf(Result.Parsed.class);
  }

  @Test
  void refusesWhatHasTooManyTokensOrBytes() {
    refused("[" + "1,".repeat(StrictJson.MAX_TOKENS) + "1]", "REQUEST.TOO_MANY_TOKENS");
    refused("\"" + "a".repeat(StrictJson.MAX_BYTES) + "\"", "REQUEST.BODY_TOO_LARGE");
  }

  @Test
  void anAnswerNeverRepeatsWhatTheBodyHolds() {
    Result.Refused refused = (Result.Refused) parse("{\"note\": topsecret}");

    assertThat(refused.problems().getFirst().detail())
        .doesNotContain("topsecret")
        .contains("line 1");
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void neverThrowsWhateverTheBytes(@ForAll byte[] bytes) {
    assertThat(StrictJson.parse(bytes)).isNotNull();
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void whatItAcceptsHasACanonicalFormThatReadsBackAsItself(@ForAll("trees") JsonNode tree) {
    Result result = StrictJson.parse(Json.write(tree));

    assertThat(result).isInstanceOf(Result.Parsed.class);
    assertThat(CanonicalJson.text(((Result.Parsed) result).tree()))
        .isEqualTo(CanonicalJson.text(tree));
  }

  @Provide
  Arbitrary<JsonNode> trees() {
    return JsonTrees.any();
  }

  private static Result parse(String text) {
    return StrictJson.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(String text, String code, String pointer) {
    FieldError problem = problem(text.getBytes(StandardCharsets.UTF_8), code);
    assertThat(problem.pointer()).isEqualTo(pointer);
  }

  private static void refused(String text, String code) {
    problem(text.getBytes(StandardCharsets.UTF_8), code);
  }

  private static void refused(byte[] bytes, String code) {
    problem(bytes, code);
  }

  private static FieldError problem(byte[] bytes, String code) {
    Result result = StrictJson.parse(bytes);
    assertThat(result).isInstanceOf(Result.Refused.class);
    Result.Refused refused = (Result.Refused) result;
    assertThat(refused.reasonCode().value()).isEqualTo(code);
    assertThat(ReasonCodes.standard().contains(refused.reasonCode())).isTrue();
    return refused.problems().getFirst();
  }

  private static byte[] bytes(int... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int value : values) {
      out.write(value);
    }
    return out.toByteArray();
  }
}
