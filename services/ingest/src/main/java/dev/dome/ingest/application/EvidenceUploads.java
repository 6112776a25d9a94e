package dev.dome.ingest.application;

import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.Sha256;
import dev.dome.ingest.application.Evidence.Redaction;
import dev.dome.security.Redactor;
import dev.dome.security.SecretScan;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Takes evidence in. Content is named by its digest, so a secret in it cannot be taken out: text
 * that holds one is refused, and whoever uploads redacts before hashing.
 */
public final class EvidenceUploads {
  private final EvidenceStore store;
  private final Redactor redactor;
  private final InstantSource clock;
  private final long maxBytes;

  /**
   * Uploads into the store.
   *
   * @param maxBytes of one content
   */
  public EvidenceUploads(
      EvidenceStore store, Redactor redactor, InstantSource clock, long maxBytes) {
    this.store = store;
    this.redactor = redactor;
    this.clock = clock;
    this.maxBytes = maxBytes;
  }

  /** Of one content. */
  public long maxBytes() {
    return maxBytes;
  }

  /** Begins one upload; to be closed. */
  public Upload begin(NamespaceId namespace, Sha256 digest, MediaType mediaType)
      throws IOException {
    return new Upload(store.begin(namespace), digest, mediaType);
  }

  /** What came of an upload. */
  public sealed interface Result {
    /** Stored, now or before. */
    record Stored(EvidenceStore.Kept kept) implements Result {}

    /** Nothing was stored. */
    record Refused(Refusal refusal) implements Result {}
  }

  /** The refusal of content beyond the limit. */
  public Refusal tooLarge() {
    return Refusal.of(
        "EVIDENCE.TOO_LARGE", "The content is larger than " + maxBytes + " bytes, the limit.");
  }

  /** One content on its way in. For use by one thread at a time. */
  public final class Upload implements Closeable {
    private final EvidenceStore.Draft draft;
    private final Sha256 digest;
    private final MediaType mediaType;
    private final MessageDigest sha256 = sha256();
    private final SecretScan scan = new SecretScan(redactor);
    private long bytes;

    private Upload(EvidenceStore.Draft draft, Sha256 digest, MediaType mediaType) {
      this.draft = draft;
      this.digest = digest;
      this.mediaType = mediaType;
    }

    /** Takes the next piece; the refusal when it is one too many. */
    public Optional<Refusal> add(ByteBuffer piece) throws IOException {
      bytes += piece.remaining();
      if (bytes > maxBytes) {
        return Optional.of(tooLarge());
      }
      sha256.update(piece.duplicate());
      scan.add(piece);
      draft.write(piece);
      return Optional.empty();
    }

    /** Checks the whole and stores it. */
    public Result finish() throws IOException {
      SecretScan.Result scanned = scan.finish();
      Optional<Refusal> refusal = digestRefusal().or(() -> textRefusal(scanned));
      if (refusal.isPresent()) {
        return new Result.Refused(refusal.get());
      }
      Evidence evidence =
          new Evidence(
              digest,
              bytes,
              mediaType,
              scanned.text() ? Redaction.CHECKED : Redaction.OPAQUE,
              Timestamps.format(clock.millis()));
      return new Result.Stored(draft.keep(evidence));
    }

    private Optional<Refusal> digestRefusal() {
      return HexFormat.of().formatHex(sha256.digest()).equals(digest.value())
          ? Optional.empty()
          : Optional.of(
              Refusal.of(
                  "EVIDENCE.DIGEST_MISMATCH",
                  "The content has another SHA-256 than the path names; nothing was stored."));
    }

    private Optional<Refusal> textRefusal(SecretScan.Result scanned) {
      if (mediaType.isText() && !scanned.text()) {
        return Optional.of(
            Refusal.of("REQUEST.BAD_ENCODING", "The content says it is text but is not UTF-8."));
      }
      return scanned.rules().isEmpty() ? Optional.empty() : Optional.of(secret(scanned.rules()));
    }

    @Override
    public void close() throws IOException {
      draft.close();
    }
  }

  private static Refusal secret(List<String> rules) {
    ReasonCode code = new ReasonCode("EVIDENCE.SECRET");
    return new Refusal(
        code,
        "The content holds what looks like a secret; redact it, then upload it under its new digest.",
        rules.stream().map(rule -> new FieldError("", code, "matched the rule " + rule)).toList());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
