package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON files that people hand to a command. */
public final class Documents {
  private Documents() {}

  /**
   * The document in the file, {@code -} for standard input.
   *
   * @throws CliException when there is none
   */
  public static JsonNode read(Path file) {
    try {
      byte[] bytes =
          file.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(file);
      return Json.mapper().readTree(bytes);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new CliException(
          ExitCode.USAGE,
          file + " is no JSON: " + e.getOriginalMessage(),
          "start from ssot/examples/demo.pre_contract.json");
    } catch (IOException e) {
      throw new CliException(
          ExitCode.USAGE, "cannot read " + file, "name an existing file, or - for standard input");
    }
  }
}
