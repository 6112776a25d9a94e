package dev.dome.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * contracts/service-graph.toml names every edge between services, and the services have no other.
 */
class ServiceGraphTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final Path GRAPH = ROOT.resolve("contracts/service-graph.toml");
  private static final Path JOURNAL_CONSUMER =
      ROOT.resolve(
          "libs/journal-consumer/src/main/resources/META-INF/microprofile-config.properties");
  private static final Pattern URL_OF_A_SERVICE =
      Pattern.compile("(?m)^dome\\.[a-z.-]*?([a-z-]+)\\.url=");

  /** The only ways to a stream, by what a source must name to use them. */
  private static final Map<String, String> WRITERS =
      Map.of(
          "InboxPublisher", "DOME_INBOX",
          "RowPublisher", "DOME_JOURNAL",
          "AccessPublisher", "DOME_ACCESS");

  private static final Map<String, String> READERS =
      Map.of("LaneInbox", "DOME_INBOX", "AccessReader", "DOME_ACCESS");

  /** What one service is connected to. */
  private record Edges(Set<String> calls, Set<String> publishes, Set<String> consumes) {}

  @Test
  void theGraphIsWhatTheServicesDo() throws IOException {
    Map<String, Edges> found = new TreeMap<>();
    List<String> services = services();
    for (String service : services) {
      found.put(service, edges(service, services));
    }
    assertThat(golden())
        .as("%s differs from configuration and sources of the services", GRAPH)
        .isEqualTo(found);
  }

  @Test
  void nobodyCallsTheEntrance() throws IOException {
    assertThat(golden().values()).noneMatch(edges -> edges.calls().contains("ingest"));
  }

  private static List<String> services() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT.resolve("services"))) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("pom.xml")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static Edges edges(String service, List<String> services) throws IOException {
    Path main = ROOT.resolve("services").resolve(service).resolve("src/main");
    String configuration = Files.readString(main.resolve("resources/application.properties"));
    Set<String> consumes = named(main, READERS);
    if (configuration.contains("dome.journal.service=")) {
      configuration += Files.readString(JOURNAL_CONSUMER);
      consumes.add("DOME_JOURNAL");
    }
    Set<String> calls = new TreeSet<>();
    Matcher url = URL_OF_A_SERVICE.matcher(configuration);
    while (url.find()) {
      if (services.contains(url.group(1))) {
        calls.add(url.group(1));
      }
    }
    return new Edges(calls, named(main, WRITERS), consumes);
  }

  private static Set<String> named(Path main, Map<String, String> streamsByType)
      throws IOException {
    Set<String> streams = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(main.resolve("java"))) {
      for (Path source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
        String text = Files.readString(source);
        streamsByType.forEach((type, stream) -> {
          if (text.contains("import dev.dome.messaging." + type + ";")) {
            streams.add(stream);
          }
        });
      }
    }
    return streams;
  }

  private static Map<String, Edges> golden() throws IOException {
    Map<String, Edges> edges = new TreeMap<>();
    JsonNode graph = new TomlMapper().readTree(GRAPH.toFile());
    graph
        .properties()
        .forEach(service ->
            edges.put(
                service.getKey(),
                new Edges(
                    set(service.getValue(), "calls"),
                    set(service.getValue(), "publishes"),
                    set(service.getValue(), "consumes"))));
    return edges;
  }

  private static Set<String> set(JsonNode service, String name) {
    Set<String> values = new TreeSet<>();
    service.required(name).forEach(value -> values.add(value.asText()));
    return values;
  }
}
