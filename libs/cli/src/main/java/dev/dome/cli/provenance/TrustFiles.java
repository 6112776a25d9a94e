package dev.dome.cli.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import dev.dome.transparency.TrustedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the keys come from that statements are checked with. */
public final class TrustFiles {
  static final String ROOT = "trusted_root.json";
  static final String KEYS = "keys.json";

  private TrustFiles() {}

  /**
   * The keys in the files.
   *
   * @param keys when it is not {@code keys.json} beside the trusted root
   * @throws CliException when one cannot be read or is none
   */
  public static TrustedRoot read(Path trustedRoot, Optional<Path> keys) {
    Path keyFile = keys.orElseGet(() -> trustedRoot.resolveSibling(KEYS));
    try {
      return TrustedRoot.read(json(trustedRoot), json(keyFile));
    } catch (IllegalArgumentException e) {
      throw new CliException(
          ExitCode.USAGE,
          trustedRoot + " and " + keyFile + " are no trusted keys: " + e.getMessage(),
          "./dome provenance trust DIR writes both");
    }
  }

  /** The server's own keys: whoever runs it could have made them for the occasion. */
  public static TrustedRoot ofServer(DomeClient client) {
    return TrustedRoot.read(
        Json.read(client.log(ROOT), JsonNode.class), Json.read(client.log(KEYS), JsonNode.class));
  }

  private static JsonNode json(Path file) {
    try {
      return Json.read(Files.readAllBytes(file), JsonNode.class);
    } catch (IOException e) {
      throw new CliException(
          ExitCode.USAGE,
          file + " cannot be read: " + e.getClass().getSimpleName(),
          "./dome provenance trust DIR writes it");
    }
  }
}
