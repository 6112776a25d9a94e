package dev.dome.security;

import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The {@code orchestrator.secure_defaults} artifact (v0.2). */
public record SecureDefaults(
    String version,
    String runtimeWriteRoot,
    boolean rejectAbsolutePaths,
    boolean rejectParentTraversal,
    Redaction redaction) {
  private static final String RESOURCE = "/ssot/policy/secure_defaults.json";

  /**
   * What redaction looks for.
   *
   * @param sensitiveKeyTokens words, joined by underscores, that a sensitive field's name ends in;
   *     a text is searched for assignments only when it names one of them
   * @param assignmentPatterns RE2 expressions with the groups {@code operator} and {@code value}
   */
  public record Redaction(List<String> sensitiveKeyTokens, List<String> assignmentPatterns) {}

  /** The document this build was made with. */
  public static SecureDefaults standard() {
    try (InputStream in = SecureDefaults.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the contracts jar was built without " + RESOURCE);
      }
      return Json.read(in.readAllBytes(), SecureDefaults.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
