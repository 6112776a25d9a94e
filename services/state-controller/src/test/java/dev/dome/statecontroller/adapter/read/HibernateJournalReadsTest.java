package dev.dome.statecontroller.adapter.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HibernateJournalReadsTest {
  @Test
  void aPartEndsBeforeItIsTooLargeAndHasOneRowAtLeast() {
    assertThat(HibernateJournalReads.fitting(List.of(10, 20, 30), 500)).isEqualTo(3);
    assertThat(HibernateJournalReads.fitting(List.of(10, 20, 30), 2)).isEqualTo(2);
    assertThat(HibernateJournalReads.fitting(List.of(3_000_000, 900_000, 200_000, 1), 500))
        .isEqualTo(2);
    assertThat(HibernateJournalReads.fitting(List.of(9_000_000, 1), 500)).isEqualTo(1);
  }
}
