package dev.dome.client;

import dev.dome.client.model.StoredEvidence;

/** Where evidence goes. */
@FunctionalInterface
public interface EvidenceSink {
  /**
   * Stores content under its digest; a repeat changes nothing.
   *
   * @param mediaType such as {@code text/plain; charset=utf-8}
   * @throws DomeException when it is refused or the outcome is unknown
   */
  StoredEvidence put(byte[] content, String mediaType);
}
