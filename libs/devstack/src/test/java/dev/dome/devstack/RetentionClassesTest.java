package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.migrations.RetentionClasses;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionClassesTest {
  private static RetentionClasses of(String text) {
    return RetentionClasses.of(Map.of("DOME_AUDIT_RETENTION_CLASSES", text));
  }

  @Test
  void a_class_has_days_or_keeps_for_ever_and_nothing_has_an_end_by_default() {
    assertThat(of("standard=forever, short=30").days())
        .isEqualTo(Map.of("standard", Optional.empty(), "short", Optional.of(30)));
    assertThat(of("").days()).isEmpty();
    assertThat(RetentionClasses.of(Map.of()).days()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "standard",
        "standard=",
        "standard=0",
        "standard=-1",
        "standard=36501",
        "standard=1.5",
        "Standard=30",
        "a=30,a=31",
        "a=30,",
        "administration=30",
        "a_202601=30",
      })
  void what_is_no_list_of_classes_is_refused_by_its_name(String text) {
    assertThatThrownBy(() -> of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("DOME_AUDIT_RETENTION_CLASSES");
  }
}
