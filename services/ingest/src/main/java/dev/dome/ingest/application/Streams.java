package dev.dome.ingest.application;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The streams themselves, as ingest makes them when it starts. */
public interface Streams {
  /**
   * Makes those of DOME_INBOX and DOME_JOURNAL that are gone and gives both the configuration they
   * should have. Completes with the names of those that were gone, or empty when the server could
   * not do it; never exceptionally.
   */
  CompletionStage<Optional<List<String>>> rebuild();
}
