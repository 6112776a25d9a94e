package dev.dome.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The other side of what manifests say: services' configuration, the service graph, docs. */
final class Repository {
  static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]+)[:}]");
  private static final Pattern METER = Pattern.compile("\"(dome\\.[a-z.]+[a-z])\"");
  private static final JsonNode GRAPH = graph();
  private static final Set<String> METERS = registered();

  private Repository() {}

  static String read(String path) {
    try {
      return Files.readString(ROOT.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode graph() {
    try {
      return new TomlMapper().readTree(ROOT.resolve("contracts/service-graph.toml").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Set<String> services() {
    Set<String> names = new TreeSet<>();
    GRAPH.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** What the graph says of a service: {@code calls}, {@code publishes} or {@code consumes}. */
  static Set<String> edges(String service, String kind) {
    Set<String> edges = new TreeSet<>();
    GRAPH.required(service).required(kind).forEach(edge -> edges.add(edge.asText()));
    return edges;
  }

  private static String configuration(String service) {
    return read("services/" + service + "/src/main/resources/application.properties");
  }

  /** Names of the meters that the sources register, as Prometheus writes them. */
  static Set<String> meters() {
    return METERS;
  }

  private static Set<String> registered() {
    Set<String> names = new TreeSet<>();
    for (String group : List.of("services", "libs")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(group))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          if (file.toString().contains("/src/main/")) {
            METER
                .matcher(Files.readString(file))
                .results()
                .forEach(match -> names.add(match.group(1).replace('.', '_')));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return names;
  }

  static boolean consumesJournal(String service) {
    return configuration(service).contains("dome.journal.service=");
  }

  static boolean usesPostgres(String service) {
    return configuration(service).contains("quarkus.datasource.db-kind=postgresql");
  }

  /** Seconds that requests under way get at the end. */
  static int shutdownTimeoutSeconds(String service) {
    var found =
        Pattern.compile("(?m)^quarkus\\.shutdown\\.timeout=(\\d+)[sS]$")
            .matcher(configuration(service));
    if (!found.find()) {
      throw new IllegalStateException(service + " has no quarkus.shutdown.timeout");
    }
    return Integer.parseInt(found.group(1));
  }

  /** The variables that the service's configuration reads, its libraries' included. */
  static Set<String> variables(String service) {
    List<String> sources = new ArrayList<>();
    sources.add(configuration(service));
    sources.add(read("libs/web/src/main/resources/META-INF/microprofile-config.properties"));
    sources.add(read("libs/telemetry/src/main/resources/META-INF/microprofile-config.properties"));
    if (consumesJournal(service)) {
      sources.add(
          read("libs/journal-consumer/src/main/resources/META-INF/microprofile-config.properties"));
    }
    Set<String> names = new TreeSet<>();
    for (String source : sources) {
      VARIABLE.matcher(source).results().forEach(match -> names.add(match.group(1)));
    }
    if (names.contains("DOME_PG_PASSWORD")) {
      // dev.dome.web.SecretFiles.
      names.add("DOME_PG_PASSWORD_FILE");
    }
    return names;
  }
}
