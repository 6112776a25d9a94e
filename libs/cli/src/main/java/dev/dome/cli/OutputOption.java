package dev.dome.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.dome.contracts.Json;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** Mixin of every command that prints data: {@code @Mixin OutputOption output}. */
public final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "How to print: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  OutputFormat format = OutputFormat.table;

  /** From now on prints JSON, whatever was asked for. */
  public void asJson() {
    format = OutputFormat.json;
  }

  /** Prints the data in the chosen format: an array of objects, one object, or a scalar. */
  public void print(PrintWriter out, Object data) {
    var tree = data instanceof JsonNode node ? node : Json.tree(data);
    switch (format) {
      case table -> out.print(TextTable.of(tree));
      case json -> out.println(written(new ObjectMapper(), tree));
      case yaml -> out.print(written(yaml(), tree));
    }
    out.flush();
  }

  /** Whether a person reads the output, so that hints and progress may stand around it. */
  public boolean isForPeople() {
    return format == OutputFormat.table;
  }

  private static ObjectMapper yaml() {
    return new ObjectMapper(
        YAMLFactory.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build());
  }

  private static String written(ObjectMapper mapper, JsonNode tree) {
    try {
      return mapper.enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree is always printable", e);
    }
  }
}
