package dev.dome.ingest.application;

/** Told how acceptance goes, in nanoseconds. */
public interface AcceptanceMeter {

  /** The inbox answered a publish, one way or another. */
  void published(Inbox.Publication publication, long elapsedNs);

  /** The wait for an outcome ended. */
  void waited(boolean decided, long elapsedNs);
}
