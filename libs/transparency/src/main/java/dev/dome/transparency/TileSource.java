package dev.dome.transparency;

/** Where a log's tiles are read from. */
public interface TileSource {
  /**
   * The first {@code width} hashes of a tile, or the entries of a bundle.
   *
   * @return exactly the part: {@code 32 × width} bytes of hashes, or an entry bundle of that many
   * @throws MissingTileException when the source has less of the tile
   */
  byte[] read(TileId.Part part);

  /** The log has not what its size promises. */
  final class MissingTileException extends RuntimeException {
    public MissingTileException(TileId.Part part) {
      super("the log has no " + part.path());
    }
  }
}
