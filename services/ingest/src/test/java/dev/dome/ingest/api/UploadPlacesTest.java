package dev.dome.ingest.api;

import static dev.dome.ingest.api.UploadPlaces.Place.ALL_TAKEN;
import static dev.dome.ingest.api.UploadPlaces.Place.NAMESPACE_HAS_ITS_SHARE;
import static dev.dome.ingest.api.UploadPlaces.Place.SUBJECT_HAS_ITS_SHARE;
import static dev.dome.ingest.api.UploadPlaces.Place.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.NamespaceId;
import org.junit.jupiter.api.Test;

class UploadPlacesTest {
  private static final NamespaceId ONE = new NamespaceId("ns-1");
  private static final NamespaceId TWO = new NamespaceId("ns-2");

  private final UploadPlaces places = new UploadPlaces(new UploadPlaces.Shares(4, 3, 2));

  @Test
  void aSubjectGetsItsShareWhicheverNamespacesItNames() {
    assertThat(places.take(ONE, "a")).isEqualTo(TAKEN);
    assertThat(places.take(TWO, "a")).isEqualTo(TAKEN);

    assertThat(places.take(TWO, "a")).isEqualTo(SUBJECT_HAS_ITS_SHARE);
    assertThat(places.take(TWO, "b")).isEqualTo(TAKEN);
  }

  @Test
  void aNamespaceGetsItsShareHoweverManySubjectsItHas() {
    assertThat(places.take(ONE, "a")).isEqualTo(TAKEN);
    assertThat(places.take(ONE, "b")).isEqualTo(TAKEN);
    assertThat(places.take(ONE, "c")).isEqualTo(TAKEN);

    assertThat(places.take(ONE, "d")).isEqualTo(NAMESPACE_HAS_ITS_SHARE);
    assertThat(places.take(TWO, "d")).isEqualTo(TAKEN);
    assertThat(places.take(TWO, "e")).isEqualTo(ALL_TAKEN);
  }

  @Test
  void whatIsGivenBackCanBeTakenAgain() {
    places.take(ONE, "a");
    places.take(ONE, "a");
    places.take(ONE, "b");
    places.take(TWO, "c");

    places.giveBack(ONE, "a");

    assertThat(places.take(ONE, "a")).isEqualTo(TAKEN);
    assertThat(places.take(ONE, "a")).isEqualTo(SUBJECT_HAS_ITS_SHARE);
  }
}
