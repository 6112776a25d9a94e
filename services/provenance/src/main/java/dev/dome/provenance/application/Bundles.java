package dev.dome.provenance.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.provenance.application.SealStore.Sealed;
import dev.dome.transparency.Bundle;
import dev.dome.transparency.Checkpoint;
import dev.dome.transparency.EntryBundle;
import dev.dome.transparency.TileId;
import dev.dome.transparency.Tree;
import dev.dome.transparency.TrustedRoot;
import java.util.Optional;

/** Makes the Sigstore bundle of a statement, with the proof for the checkpoint of the moment. */
public final class Bundles {
  private final SealStore store;
  private final TrustedRoot trusted;

  public Bundles(SealStore store, TrustedRoot trusted) {
    this.store = store;
    this.trusted = trusted;
  }

  /** The bundle; empty until a checkpoint covers the statement. */
  public Optional<JsonNode> of(Sealed sealed) {
    return store
        .checkpoint()
        .filter(note -> sizeOf(note) > sealed.logIndex())
        .map(note -> of(sealed, note));
  }

  /** How many entries the last published checkpoint covers. */
  public static long sizeOf(String checkpoint) {
    return Checkpoint.parse(checkpoint).orElseThrow().head().size();
  }

  private JsonNode of(Sealed sealed, String checkpoint) {
    long size = sizeOf(checkpoint);
    TileId id = new TileId(TileId.ENTRIES, sealed.logIndex() / TileId.WIDTH);
    byte[] entry =
        EntryBundle.entries(store.read(new TileId.Part(id, id.widthAt(size))))
            .get((int) (sealed.logIndex() % TileId.WIDTH));
    return Bundle.of(
        sealed.envelope(),
        sealed.logIndex(),
        entry,
        checkpoint,
        new Tree(size, store).inclusion(sealed.logIndex()),
        trusted.logs().getFirst());
  }
}
