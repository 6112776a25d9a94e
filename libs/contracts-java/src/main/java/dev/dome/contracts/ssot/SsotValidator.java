package dev.dome.contracts.ssot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.StrictJson;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Checks an ssot directory: schemas are valid JSON Schema 2020-12 and self-contained, every example
 * and policy fits its schema and survives a round trip, every schema has an example, and every
 * reason code that is named is in the catalog.
 */
public final class SsotValidator {
  private static final String SCHEMA_SUFFIX = ".schema.json";
  private static final String JSON_SUFFIX = ".json";

  private final Path root;
  private final List<SsotReport.Finding> findings = new ArrayList<>();

  private SsotValidator(Path root) {
    this.root = root;
  }

  /**
   * Checks everything and stops at nothing.
   *
   * @param ssotDir the directory that holds schemas, policy and examples
   * @throws IOException when a file cannot be read
   */
  public static SsotReport validate(Path ssotDir) throws IOException {
    return new SsotValidator(ssotDir).run();
  }

  private SsotReport run() throws IOException {
    SortedMap<String, JsonNode> schemas = readAll("schemas", SCHEMA_SUFFIX);
    SortedMap<String, JsonNode> policies = readAll("policy", JSON_SUFFIX);
    SortedMap<String, JsonNode> examples = readAll("examples", JSON_SUFFIX);
    Optional<ReasonCodes> codes = catalog(policies.get("reason.codes"));
    compile(schemas)
        .ifPresent(catalog -> {
          policies.forEach((name, tree) -> check(catalog, "policy/" + name, name, tree));
          examples.forEach((name, tree) -> check(catalog, "examples/" + name, name, tree));
        });
    codes.ifPresent(known -> {
      policies.forEach((name, tree) -> checkCodes(known, "policy/" + name, tree));
      examples.forEach((name, tree) -> checkCodes(known, "examples/" + name, tree));
    });
    checkCoverage(schemas, policies, examples);
    return new SsotReport(
        schemas.size(),
        policies.size() + examples.size(),
        codes.map(known -> known.all().size()).orElse(0),
        findings);
  }

  private SortedMap<String, JsonNode> readAll(String folder, String suffix) throws IOException {
    SortedMap<String, JsonNode> trees = new TreeMap<>();
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(suffix)) {
          String plain = name.substring(0, name.length() - suffix.length());
          read(folder + "/" + name, file).ifPresent(tree -> trees.put(plain, tree));
        } else {
          add(
              folder + "/" + name,
              "",
              "SCHEMA.VIOLATION",
              "expected a name that ends in " + suffix);
        }
      }
    }
    return trees;
  }

  private Optional<JsonNode> read(String name, Path file) throws IOException {
    return switch (StrictJson.parse(Files.readAllBytes(file))) {
      case StrictJson.Result.Parsed parsed -> Optional.of(parsed.tree());
      case StrictJson.Result.Refused refused -> {
        refused.problems().forEach(problem -> add(name, problem));
        yield Optional.empty();
      }
    };
  }

  private Optional<ReasonCodes> catalog(JsonNode document) {
    if (document == null) {
      add("policy/reason.codes.json", "", "SCHEMA.REQUIRED", "expected the reason-code catalog");
      return Optional.empty();
    }
    try {
      return Optional.of(ReasonCodes.read(document.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      add("policy/reason.codes.json", "", "SCHEMA.VIOLATION", e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<SchemaCatalog> compile(Map<String, JsonNode> schemas) {
    List<SchemaCatalog.Finding> faults = SchemaCatalog.check(schemas);
    faults.forEach(fault -> add("schemas/" + fault.schemaName() + SCHEMA_SUFFIX, fault.error()));
    return faults.isEmpty() ? Optional.of(SchemaCatalog.of(schemas)) : Optional.empty();
  }

  private void check(SchemaCatalog catalog, String file, String name, JsonNode tree) {
    Optional<String> schema = schemaOf(catalog.names(), name);
    if (schema.isEmpty()) {
      add(file + JSON_SUFFIX, "", "SCHEMA.REQUIRED", "expected a schema for " + name);
      return;
    }
    catalog.validate(schema.get(), tree).forEach(error -> add(file + JSON_SUFFIX, error));
    RoundTrip.differences(schema.get(), tree)
        .forEach(detail -> add(file + JSON_SUFFIX, "", "SCHEMA.VIOLATION", detail));
  }

  /**
   * The schema a document's name stands for: the longest whose words occur in the name in their
   * order, ending with the same word. So demo.reject.pre_contract is a demo.pre_contract, and
   * secure_defaults an orchestrator.secure_defaults.
   */
  static Optional<String> schemaOf(List<String> schemas, String name) {
    return schemas.stream()
        .filter(schema -> schema.endsWith("." + name) || isVariant(schema, name))
        .max((a, b) -> Integer.compare(a.length(), b.length()));
  }

  private static boolean isVariant(String schema, String name) {
    List<String> rest = new ArrayList<>(List.of(schema.split("\\.", -1)));
    String last = rest.getLast();
    if (!name.equals(last) && !name.endsWith("." + last)) {
      return false;
    }
    for (String word : name.split("\\.", -1)) {
      if (!rest.isEmpty() && rest.getFirst().equals(word)) {
        rest.removeFirst();
      }
    }
    return rest.isEmpty();
  }

  private void checkCodes(ReasonCodes known, String file, JsonNode tree) {
    for (String field : List.of("reason_code", "reason_codes", "code")) {
      for (JsonNode value : tree.findValues(field)) {
        Iterable<JsonNode> codes = value.isArray() ? value : List.of(value);
        codes.forEach(code -> checkCode(known, file, code.asText()));
      }
    }
  }

  private void checkCode(ReasonCodes known, String file, String code) {
    if (!ReasonCode.PATTERN.matcher(code).matches() || !known.contains(new ReasonCode(code))) {
      add(file + JSON_SUFFIX, "", "REASON.UNKNOWN", "expected a code of the catalog but " + code);
    }
  }

  /** A policy is the example of its own schema. */
  private void checkCoverage(
      Map<String, JsonNode> schemas,
      Map<String, JsonNode> policies,
      Map<String, JsonNode> examples) {
    for (String schema : schemas.keySet()) {
      if (!schema.equals(SchemaNames.DEFINITIONS)
          && !policies.containsKey(schema)
          && !examples.containsKey(schema)) {
        add(
            "examples/" + schema + JSON_SUFFIX,
            "",
            "SCHEMA.REQUIRED",
            "expected an example of every schema");
      }
    }
  }

  private void add(String file, FieldError error) {
    findings.add(new SsotReport.Finding(file, error.pointer(), error.reasonCode(), error.detail()));
  }

  private void add(String file, String pointer, String code, String detail) {
    findings.add(new SsotReport.Finding(file, pointer, new ReasonCode(code), detail));
  }
}
