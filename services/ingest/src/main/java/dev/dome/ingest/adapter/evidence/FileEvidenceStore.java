package dev.dome.ingest.adapter.evidence;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.Sha256;
import dev.dome.ingest.application.Evidence;
import dev.dome.ingest.application.EvidenceStore;
import dev.dome.security.PathGuard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Evidence in a directory: {@code objects/<namespace>/<two digits>/<digest>/} holds the content and
 * what is known of it. An object is staged with both files on disk and appears by one rename, which
 * fails where there is one already. Several processes may share the directory.
 */
public final class FileEvidenceStore implements EvidenceStore {
  private static final String KNOWN = "evidence.json";

  private final PathGuard guard;
  private final Staging staging;

  private FileEvidenceStore(Path objects, Staging staging) {
    this.guard = new PathGuard(objects);
    this.staging = staging;
  }

  /**
   * The store below a root.
   *
   * @param root made when missing
   * @throws IOException when it cannot be made or written
   */
  public static FileEvidenceStore in(Path root) throws IOException {
    Path objects = root.resolve("objects");
    Durable.directories(objects);
    return new FileEvidenceStore(objects, Staging.in(root));
  }

  @Override
  public Optional<Evidence> find(NamespaceId namespace, Sha256 digest) throws IOException {
    try {
      byte[] known = Files.readAllBytes(place(namespace, digest).resolve(KNOWN));
      return Optional.of(Json.read(known, Evidence.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Content> open(NamespaceId namespace, Sha256 digest) throws IOException {
    Optional<Evidence> known = find(namespace, digest);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Path content = place(namespace, digest).resolve(StagedContent.CONTENT);
    return Optional.of(new Content(known.get(), Files.newInputStream(content)));
  }

  @Override
  public Draft begin(NamespaceId namespace) throws IOException {
    return new FileDraft(namespace, StagedContent.begin(staging));
  }

  /** Ids cannot lead out by their form; the guard sees links that somebody put there. */
  private Path place(NamespaceId namespace, Sha256 digest) throws IOException {
    String path = namespace + "/" + digest.value().substring(0, 2) + "/" + digest;
    return switch (guard.resolve(path)) {
      case PathGuard.Result.Inside inside -> inside.path();
      case PathGuard.Result.Refused refused ->
          throw new IOException("a link leads out of the evidence root: " + refused.reasonCode());
    };
  }

  @Override
  public void close() throws IOException {
    staging.close();
  }

  private final class FileDraft implements Draft {
    private final NamespaceId namespace;
    private final StagedContent content;

    private FileDraft(NamespaceId namespace, StagedContent content) {
      this.namespace = namespace;
      this.content = content;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      content.write(bytes);
    }

    @Override
    public Kept keep(Evidence evidence) throws IOException {
      Path staged = content.finish();
      describe(staged, evidence);
      Path target = place(namespace, evidence.sha256());
      Durable.directories(target.getParent());
      boolean isNew = move(staged, target);
      Durable.sync(target.getParent());
      return new Kept(isNew ? evidence : existing(evidence), isNew);
    }

    private static void describe(Path staged, Evidence evidence) throws IOException {
      try (FileChannel channel = Durable.create(staged.resolve(KNOWN))) {
        ByteBuffer bytes = ByteBuffer.wrap(Json.write(evidence));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Durable.sync(staged);
    }

    /** Whether this object took the place; rename(2) fails on a directory that holds something. */
    private static boolean move(Path staged, Path target) throws IOException {
      try {
        Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
        return true;
      } catch (FileSystemException e) {
        if (Files.exists(target.resolve(KNOWN))) {
          return false;
        }
        throw e;
      }
    }

    private Evidence existing(Evidence evidence) throws IOException {
      return find(namespace, evidence.sha256())
          .orElseThrow(() -> new IOException("stored evidence vanished"));
    }

    @Override
    public void close() throws IOException {
      content.close();
    }
  }
}
