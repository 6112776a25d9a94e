package dev.dome.web.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v1/namespaces/x/runs",
        "/v1/namespaces/x/runs/",
        "/v1/namespaces/x/runs/run-1.2_3~4",
        "/v1/namespaces/x/runs/a..b",
        "/v1/namespaces/x/runs/..a",
        "/v1/namespaces/x/runs/a%20b",
        "/v1/namespaces/x/breakers/queue%3Agpu",
        "/v1/namespaces/x/audit/holds/%C3%A9%25"
      })
  void aPathOfOneReadingIsPlain(String path) {
    assertThat(PlainPath.is(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/x/../y",
        "/v1/x/./y",
        "/v1/x/..",
        "/v1/x/.",
        "/v1//x",
        "//v1",
        "/v1/x/%2e%2e/y",
        "/v1/x/%2E./y",
        "/v1/x/.%2e",
        "/v1/x%2fy",
        "/v1/x%2Fy",
        "/v1/x\\y",
        "/v1/x%5cy",
        "/v1/x;a=b/y",
        "/v1/x;",
        "/v1/x%3by",
        "/v1/x%00",
        "/v1/x\0",
        "/v1/x%0d%0ay",
        "/v1/x\ny",
        "/v1/x%7f"
      })
  void aPathThatCanBeReadInTwoWaysIsNotPlain(String path) {
    assertThat(PlainPath.is(path)).isFalse();
  }

  @Test
  void aPathThatCouldNotBeReadIsNotPlain() {
    assertThat(PlainPath.is(null)).isFalse();
  }

  /** What the router decodes before it looks for a resource (RFC 3986, 2.3), but for the tilde. */
  static Stream<String> needless() {
    return IntStream.concat(
            IntStream.rangeClosed('a', 'z'),
            IntStream.concat(
                IntStream.rangeClosed('A', 'Z'),
                IntStream.concat(IntStream.rangeClosed('0', '9'), "-._".chars())))
        .mapToObj("%%%02x"::formatted);
  }

  @ParameterizedTest
  @MethodSource("needless")
  void anEscapeThatIsNotNeededIsNotPlain(String escape) {
    assertThat(PlainPath.is("/v1/" + escape)).isFalse();
  }

  @Test
  void everyOtherEscapeOfAPrintableCharacterIsLeftToTheResource() {
    assertThat(
            "!\"#$%&'()*+,:<=>?@[]^`{|}~"
                .chars()
                .mapToObj("/v1/%%%02x"::formatted)
                .filter(path -> !PlainPath.is(path)))
        .isEmpty();
  }
}
