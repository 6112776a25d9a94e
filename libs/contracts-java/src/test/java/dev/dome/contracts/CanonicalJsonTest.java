package dev.dome.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void equalsTheReferenceImplementation(@ForAll("trees") JsonNode tree) throws IOException {
    // The reference takes objects and arrays only.
    JsonNode document = NODES.arrayNode().add(tree);

    assertThat(CanonicalJson.text(document))
        .isEqualTo(new JsonCanonicalizer(document.toString()).getEncodedString());
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void namesInAnotherOrderGiveTheSameBytes(@ForAll("trees") JsonNode tree) throws IOException {
    JsonNode again = Json.mapper().readTree(CanonicalJson.bytes(tree));

    assertThat(CanonicalJson.bytes(again)).isEqualTo(CanonicalJson.bytes(tree));
  }

  @Provide
  Arbitrary<JsonNode> trees() {
    return JsonTrees.any();
  }

  /** RFC 8785, section 3.2.4 and figure of section 3.2.3. */
  @Test
  void equalsThePublishedExamples() {
    canonical(
        "{\"numbers\":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"
            + "\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\","
            + "\"literals\":[null,true,false]}",
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
            + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    canonical(
        "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,"
            + "\"\\u00f6\":7}",
        "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":1,\"\ud83d\ude00\":5,"
            + "\"\ufb33\":3}");
  }

  @Test
  void oneAndOnePointZeroAreTheSameNumber() {
    canonical("[1,1.0,1e0,-0.0,0]", "[1,1,1,0,0]");
  }

  @Test
  void refusesIntegersThatADoubleCannotHold() {
    for (JsonNode node :
        new JsonNode[] {
          NODES.numberNode(1L << 53),
          NODES.numberNode(-(1L << 53)),
          NODES.numberNode(Long.MIN_VALUE),
          NODES.numberNode(BigInteger.TWO.pow(80))
        }) {
      assertThatThrownBy(() -> CanonicalJson.text(node)).hasMessageContaining("2^53");
    }
  }

  @Test
  void theDigestOfADocumentIsFrozen() {
    JsonNode tree = Json.mapper().createObjectNode().put("b", 1).put("a", "\u00e9");

    assertThat(CanonicalJson.text(tree)).isEqualTo("{\"a\":\"\u00e9\",\"b\":1}");
    assertThat(CanonicalJson.sha256(tree))
        .isEqualTo("aa58fba8483623bed37c1b02edfccbdd9a53123837c20bfa4cb4049993a2872e");
  }

  private static void canonical(String text, String expected) {
    JsonNode tree = Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    assertThat(CanonicalJson.text(tree)).isEqualTo(expected);
  }

  @Test
  void aPartWhoseTextIsKnownIsTakenAsItIs() {
    ObjectNode tree = Json.mapper().createObjectNode().put("b", 2);
    String whole = CanonicalJson.text(tree.deepCopy().set("a", Json.tree(List.of(1, "x"))));
    tree.putPOJO("a", new CanonicalJson.Fragment("[1,\"x\"]"));
    assertThat(CanonicalJson.text(tree)).isEqualTo(whole);
    tree.putPOJO("a", "no fragment");
    assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.text(tree));
  }
}
