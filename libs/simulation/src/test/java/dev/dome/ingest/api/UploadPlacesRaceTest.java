package dev.dome.ingest.api;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.ingest.api.UploadPlaces.Place;
import dev.dome.ingest.api.UploadPlaces.Shares;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;
import org.junit.jupiter.api.Test;

/** Uploads begin and end side by side: no share is exceeded, and every place comes back. */
public class UploadPlacesRaceTest {
  private static final Shares SHARES = new Shares(3, 2, 1);
  private static final NamespaceId X = new NamespaceId("x");
  private static final NamespaceId Y = new NamespaceId("y");

  private final UploadPlaces places = new UploadPlaces(SHARES);
  private final Queue<Uploader> uploading = new ConcurrentLinkedQueue<>();

  private record Uploader(NamespaceId namespace, String subject) {}

  @Operation
  public void beginOne() {
    begin(X, "one");
  }

  @Operation
  public void beginOther() {
    begin(X, "other");
  }

  @Operation
  public void beginElsewhere() {
    begin(Y, "third");
  }

  private void begin(NamespaceId namespace, String subject) {
    Uploader uploader = new Uploader(namespace, subject);
    if (places.take(uploader.namespace(), uploader.subject()) == Place.TAKEN) {
      uploading.add(uploader);
    }
  }

  @Operation
  public void end() {
    Uploader uploader = uploading.poll();
    if (uploader != null) {
      places.giveBack(uploader.namespace(), uploader.subject());
    }
  }

  @Validate
  public void sharesHoldAndAllPlacesComeBack() {
    if (uploading.stream().distinct().count() < uploading.size()) {
      throw new IllegalStateException("a subject has more than its place: " + uploading);
    }
    while (!uploading.isEmpty()) {
      end();
    }
    for (String subject : new String[] {"one", "other"}) {
      Place place = places.take(X, subject);
      if (place != Place.TAKEN) {
        throw new IllegalStateException("nobody uploads but " + subject + " is told " + place);
      }
    }
  }

  @Test
  void noInterleavingLosesAPlaceOrGivesOneTwice() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(100)
        .threads(3)
        .actorsPerThread(2)
        .verifier(EpsilonVerifier.class)
        .check(UploadPlacesRaceTest.class);
  }
}
