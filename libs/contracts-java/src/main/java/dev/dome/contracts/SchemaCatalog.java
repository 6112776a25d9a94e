package dev.dome.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.PathType;
import dev.dome.contracts.artifact.Problem.FieldError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The JSON Schemas of ssot, compiled once and used by many threads. Formats are asserted and a
 * schema may refer to schemas of the same catalog only; nothing is ever fetched.
 */
public final class SchemaCatalog {
  /** The absolute base every schema's {@code $id} begins with. */
  public static final String BASE = "https://dome.local/ssot/schemas/";

  private static final String SUFFIX = ".schema.json";
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  private final SortedMap<String, Schema> schemas;

  private SchemaCatalog(SortedMap<String, Schema> schemas) {
    this.schemas = schemas;
  }

  /** One place at which a schema is not what a schema of this catalog must be. */
  public record Finding(String schemaName, FieldError error) {}

  /** The schemas this build was made with. */
  public static SchemaCatalog standard() {
    return Standard.CATALOG;
  }

  /**
   * What keeps the given schemas from being a catalog: each must be valid 2020-12, carry its own
   * name as {@code $id} and refer to nothing outside; empty when all is well.
   *
   * @param documents by name, without the file suffix
   */
  public static List<Finding> check(Map<String, JsonNode> documents) {
    return SchemaRules.check(documents);
  }

  /**
   * A catalog of the given schemas.
   *
   * @param documents by name, without the file suffix
   * @throws IllegalArgumentException when {@link #check} finds something
   */
  public static SchemaCatalog of(Map<String, JsonNode> documents) {
    List<Finding> findings = check(documents);
    if (!findings.isEmpty()) {
      throw new IllegalArgumentException("not schemas of ours: " + findings);
    }
    SchemaRegistry registry = registry(documents);
    SortedMap<String, Schema> compiled = new TreeMap<>();
    for (String name : documents.keySet()) {
      Schema schema = registry.getSchema(SchemaLocation.of(idOf(name)));
      schema.initializeValidators();
      compiled.put(name, schema);
    }
    return new SchemaCatalog(compiled);
  }

  /** The names of all schemas, sorted. */
  public List<String> names() {
    return List.copyOf(schemas.keySet());
  }

  /**
   * Every place at which the document does not fit, sorted by pointer; empty when it fits.
   *
   * @param schemaName such as {@code task.result}
   * @throws IllegalArgumentException when the catalog has no schema of that name
   */
  public List<FieldError> validate(String schemaName, JsonNode document) {
    Schema schema = schemas.get(schemaName);
    if (schema == null) {
      throw new IllegalArgumentException("no schema " + schemaName);
    }
    return SchemaErrors.of(schema.validate(document));
  }

  /** The {@code $id} of a schema. */
  static String idOf(String schemaName) {
    return BASE + schemaName + SUFFIX;
  }

  /** Every place at which a schema is not valid JSON Schema 2020-12. */
  static List<FieldError> validateSchema(JsonNode schema) {
    List<Error> errors = MetaSchema.SCHEMA.validate(schema);
    return SchemaErrors.of(errors);
  }

  private static SchemaRegistry registry(Map<String, JsonNode> documents) {
    Map<String, String> texts =
        documents.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(e -> idOf(e.getKey()), e -> e.getValue().toString()));
    return SchemaRegistry.withDialect(
        Dialects.getDraft202012(),
        builder -> builder.schemaRegistryConfig(config()).schemas(texts));
  }

  private static SchemaRegistryConfig config() {
    return SchemaRegistryConfig.builder()
        .formatAssertionsEnabled(true)
        .pathType(PathType.JSON_POINTER)
        .locale(Locale.ENGLISH)
        .build();
  }

  /** The meta-schema, compiled when a schema is first checked. */
  private static final class MetaSchema {
    private static final Schema SCHEMA =
        SchemaRegistry.withDialect(
                Dialects.getDraft202012(), builder -> builder.schemaRegistryConfig(config()))
            .getSchema(SchemaLocation.of(DIALECT));
  }

  /** Loads once, on first use. */
  private static final class Standard {
    private static final SchemaCatalog CATALOG =
        of(
            SchemaNames.ALL.stream()
                .collect(Collectors.toUnmodifiableMap(Function.identity(), Standard::load)));

    private static JsonNode load(String name) {
      String resource = "/ssot/schemas/" + name + SUFFIX;
      try (InputStream in = SchemaCatalog.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new IllegalStateException("the jar was built without " + resource);
        }
        return Json.mapper().readTree(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
