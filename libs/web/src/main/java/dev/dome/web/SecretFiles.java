package dev.dome.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Secrets that a library wants as text but that a deployment gives as a file: {@code
 * DOME_PG_PASSWORD} is the content of the file that {@code DOME_PG_PASSWORD_FILE} names, without
 * surrounding white space, as the migrations read it too. The file wins over the variable.
 */
public final class SecretFiles implements ConfigSource {
  private static final Set<String> SECRETS = Set.of("DOME_PG_PASSWORD");

  /** Above the environment's 300. */
  private static final int ORDINAL = 310;

  private final Map<String, String> environment;

  /** For the service loader. */
  public SecretFiles() {
    this(System.getenv());
  }

  SecretFiles(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Names no secret, so that nothing that lists the configuration reads one. */
  @Override
  public Set<String> getPropertyNames() {
    return Set.of();
  }

  /**
   * The secret, or null when it is none or no file is named.
   *
   * @throws UncheckedIOException when the file cannot be read
   */
  @Override
  public String getValue(String name) {
    String file = SECRETS.contains(name) ? environment.get(name + "_FILE") : null;
    if (file == null || file.isBlank()) {
      return null;
    }
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the file of " + name + "_FILE cannot be read", e);
    }
  }

  @Override
  public String getName() {
    return "files of secrets";
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }
}
