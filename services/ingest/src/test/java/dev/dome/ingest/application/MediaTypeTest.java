package dev.dome.ingest.application;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {

  @ParameterizedTest
  @CsvSource({
    "text/plain, true, true",
    "Text/HTML; charset=UTF-8, true, false",
    "application/json, true, true",
    "application/vnd.dome.report+json, true, false",
    "image/svg+xml, true, false",
    "image/png, false, true",
    "application/gzip, false, false"
  })
  void aTypeSaysWhetherItIsTextAndMayBeShown(String header, boolean text, boolean shown) {
    MediaType type = MediaType.ofHeader(header).orElseThrow();
    assertThat(type.isText()).isEqualTo(text);
    assertThat(type.mayBeShown()).isEqualTo(shown);
  }

  @Test
  void withoutAHeaderItIsBytes() {
    assertThat(MediaType.ofHeader(null)).contains(MediaType.OCTET_STREAM);
    assertThat(MediaType.OCTET_STREAM.isText()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "text/",
        "/plain",
        "*/*",
        "text/plain; charset=latin-1",
        "text/plain; boundary=x",
        "text/plain\r\nX-Evil: 1",
        "multipart/form-data",
        "message/http",
        "text/pl ain"
      })
  void anyOtherFormIsNotTaken(String header) {
    assertThat(MediaType.ofHeader(header)).isEmpty();
  }
}
