package dev.dome.auditexport.retention;

import dev.dome.contracts.id.NamespaceId;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Which retention classes there are and which namespace has which. */
public interface RetentionStore {

  /** What became of a wish. */
  enum Change {
    SET,
    /** It was so already. */
    SAME,
    /** There is no such class, or it is not for namespaces. */
    UNKNOWN
  }

  /** Those a namespace can be given, by name. */
  Uni<List<RetentionClass>> classes();

  Uni<NamespaceRetention> of(NamespaceId namespace);

  /** Gives a namespace a class for what begins from now on, and records it. */
  Uni<Change> set(NamespaceId namespace, String retentionClass, String actor);
}
