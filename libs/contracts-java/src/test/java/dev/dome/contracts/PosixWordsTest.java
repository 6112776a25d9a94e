package dev.dome.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PosixWordsTest {

  @Test
  void wordsAreSplitAtBlanksAndQuotesAreTakenOff() {
    assertThat(words("make  -k\tcheck ")).containsExactly("make", "-k", "check");
    assertThat(words("a 'b c'd \"e \\\"f\\\" \\x\" g\\ h"))
        .containsExactly("a", "b cd", "e \"f\" \\x", "g h");
    assertThat(words("run '' \"\"")).containsExactly("run", "", "");
    assertThat(words("")).isEmpty();
  }

  @Test
  void nothingIsExpanded() {
    assertThat(words("echo $HOME ${X} *.c ~ #no {a,b} '$(x)' '`'"))
        .containsExactly("echo", "$HOME", "${X}", "*.c", "~", "#no", "{a,b}", "$(x)", "`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a|b",
        "a&",
        "a;b",
        "a<b",
        "a>b",
        "(a)",
        "a\nb",
        "a `b`",
        "a $(b)",
        "\"$(b)\"",
        "\"`b`\"",
        "a 'b",
        "a \"b",
        "a \\"
      })
  void whatNeedsAShellIsRefusedWithoutRepeatingTheText(String text) {
    PosixWords.Result result = PosixWords.split(text);
    assertThat(result).isInstanceOf(PosixWords.Refused.class);
    assertThat(((PosixWords.Refused) result).detail()).startsWith("expected");
  }

  @Property(tries = 500)
  void anyWordsComeBackWhenTheyAreSingleQuoted(@ForAll List<String> words) {
    String line =
        words.stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    assertThat(words(line)).isEqualTo(words);
  }

  @Property(tries = 500)
  void anyTextIsAnswered(@ForAll String text) {
    assertThat(PosixWords.split(text)).isNotNull();
  }

  private static List<String> words(String text) {
    return ((PosixWords.Words) PosixWords.split(text)).words();
  }
}
