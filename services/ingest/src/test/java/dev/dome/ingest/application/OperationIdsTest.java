package dev.dome.ingest.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OperationIdsTest {

  @Test
  void anIdIsAUuidOfVersionSevenWithItsTime() {
    long epochMs = 1_795_366_800_123L;
    UUID id =
        UUID.fromString(
            new OperationIds(InstantSource.fixed(Instant.ofEpochMilli(epochMs))).next());

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(epochMs);
  }

  @Test
  void idsOfOneMillisecondDiffer() {
    OperationIds ids = new OperationIds(InstantSource.fixed(Instant.EPOCH));
    assertThat(Stream.generate(ids::next).limit(1000)).doesNotHaveDuplicates();
  }
}
