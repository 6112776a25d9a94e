package dev.dome.ingest.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Content by its digest, apart for each namespace. Methods block; an {@link IOException} means that
 * the store is away or full, and then nothing has changed.
 */
public interface EvidenceStore extends Closeable {

  /** What is known of the content; empty when the namespace has none of this digest. */
  Optional<Evidence> find(NamespaceId namespace, Sha256 digest) throws IOException;

  /** The content, to be closed; empty when the namespace has none of this digest. */
  Optional<Content> open(NamespaceId namespace, Sha256 digest) throws IOException;

  /** A place for content that arrives; invisible until it is kept. */
  Draft begin(NamespaceId namespace) throws IOException;

  /** Removes what is staged. */
  @Override
  void close() throws IOException;

  /** Content and what is known of it. */
  record Content(Evidence evidence, InputStream bytes) {}

  /**
   * What became of a draft.
   *
   * @param isNew whether this draft is the one that was stored; else another was before, and
   *     evidence is what is known of that one
   */
  record Kept(Evidence evidence, boolean isNew) {}

  /** Content on its way in. For use by one thread at a time. */
  interface Draft extends Closeable {
    /** Takes all remaining bytes. */
    void write(ByteBuffer bytes) throws IOException;

    /** Makes the content visible, all of it at once; it is durable on return. */
    Kept keep(Evidence evidence) throws IOException;

    /** Removes what was not kept. */
    @Override
    void close() throws IOException;
  }
}
