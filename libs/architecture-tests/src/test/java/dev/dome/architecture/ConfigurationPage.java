package dev.dome.architecture;

import dev.dome.architecture.ConfigMappings.Option;
import dev.dome.architecture.ConfigSettings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * doc/operations/configuration.md, made from the mappings' sources and the shipped properties. What
 * is nobody's Javadoc, such as Quarkus's own settings, is explained in {@code
 * configuration-meanings.properties} beside the tests, as {@code type | meaning}.
 */
final class ConfigurationPage {
  private static final List<String> SERVICES =
      List.of("ingest", "state-controller", "retry-scheduler", "provenance", "audit-export");

  /** Libraries that every service has, and the one that those have that follow the journal. */
  private static final List<String> EVERYWHERE = List.of("libs/web", "libs/telemetry");

  private static final String CONSUMER = "libs/journal-consumer";

  private static final String MEANINGS =
      "libs/architecture-tests/src/test/resources/configuration-meanings.properties";

  private static final String HEAD =
      """
      # Configuration

      Every setting of every service. This page is made from the sources and a test compares the two: after a change run
      `./mvnw -pl libs/architecture-tests -am test -Dtest=ConfigurationTest -Dsurefire.failIfNoSpecifiedTests=false
      -Ddome.configuration.write=true`.

      A setting is given by its variable in the environment; one without a name of its own is given by its property's
      name in capitals, with `_` for every other sign, which is the name shown then. Durations are numbers with a unit
      (`500ms`, `30s`, `15m`). What a secret is, is given as a file. What stands in several services' tables is given to
      each of them, with the same value. A service that lacks a setting it needs, or is given one it cannot read, ends at
      its start and says which, and so does one whose environment has a variable `DOME_…` that is not on this page.
      """;

  private static final String KNOWN_VARIABLES =
      """
      package dev.dome.web.identity;

      import java.util.Set;
      import java.util.TreeSet;
      import java.util.stream.Collectors;

      /**
       * Every variable that some setting of dome is read from. Made from the page of configuration by
       * ConfigurationTest; a service is told of what other services and programs read, too.
       */
      final class KnownVariables {
        private static final String PREFIX = "DOME_";

        /** Any secret may be given as a file. */
        private static final String FILE = "_FILE";

        private static final Set<String> NAMES =
            \"""
      %s      \"""
                .lines()
                .collect(Collectors.toUnmodifiableSet());

        /** What workers, their commands and local services are told and no service reads. */
        private static final Set<String> OF_COMMANDS =
            \"""
            DOME_ATTEMPT
            DOME_CONCURRENCY
            DOME_INGEST_URL
            DOME_NAMESPACE
            DOME_QUEUE
            DOME_RESULT_FILE
            DOME_RUN_ID
            DOME_TASK_ID
            \"""
                .lines()
                .collect(Collectors.toUnmodifiableSet());

        private KnownVariables() {}

        /** Of these variables, those that look like dome's and are nothing's. */
        static Set<String> unknown(Set<String> given) {
          return given.stream()
              .filter(name -> name.startsWith(PREFIX) && !isKnown(name))
              .collect(Collectors.toCollection(TreeSet::new));
        }

        private static boolean isKnown(String name) {
          return NAMES.contains(name)
              || OF_COMMANDS.contains(name)
              || (name.endsWith(FILE)
                  && NAMES.contains(name.substring(0, name.length() - FILE.length())));
        }
      }
      """;

  private static final Pattern VARIABLE =
      Pattern.compile("^\\| `(DOME_[A-Z0-9_]+)`", Pattern.MULTILINE);

  private static final Pattern OTHER = Pattern.compile("\\$\\{([^:}]+):?}");

  private final Path root;
  private final ConfigMappings mappings;
  private final Map<String, String> meanings = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();
  private final List<String> undocumented = new ArrayList<>();
  private final StringBuilder page = new StringBuilder(HEAD);

  private ConfigurationPage(Path root) throws IOException {
    this.root = root;
    this.mappings = ConfigMappings.of(root);
    for (String line : Files.readAllLines(root.resolve(MEANINGS))) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        meanings.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
  }

  /**
   * The page and what is wrong with its sources.
   *
   * @param undocumented properties and variables that nobody explains
   * @param stale explanations of what is no longer there
   */
  record Made(String text, List<String> undocumented, Set<String> stale) {}

  static Made of(Path root) throws IOException {
    ConfigurationPage made = new ConfigurationPage(root);
    made.table("Every service", EVERYWHERE);
    made.table(
        "Services that follow the journal: " + String.join(", ", consumers(root)),
        List.of(CONSUMER));
    for (String service : SERVICES) {
      made.table(service, List.of("services/" + service));
    }
    made.programs();
    Set<String> stale = new TreeSet<>(made.meanings.keySet());
    stale.removeAll(made.used);
    return new Made(made.page.toString(), made.undocumented, stale);
  }

  /** The class that tells a service which variables there are, made from the page. */
  static String knownVariables(String page) {
    String names =
        VARIABLE
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .distinct()
            .sorted()
            .map(name -> "      " + name + "\n")
            .collect(Collectors.joining());
    return KNOWN_VARIABLES.replace("%s", names);
  }

  private static List<String> consumers(Path root) throws IOException {
    List<String> consumers = new ArrayList<>();
    for (String service : SERVICES) {
      Path settings =
          root.resolve("services")
              .resolve(service)
              .resolve("src/main/resources/application.properties");
      if (Files.readString(settings).contains("dome.journal.service=")) {
        consumers.add(service);
      }
    }
    return consumers;
  }

  private void table(String title, List<String> modules) throws IOException {
    page.append("\n## ").append(title).append("\n\n");
    page.append("| variable | property | type | default | meaning |\n|---|---|---|---|---|\n");
    for (String module : modules) {
      Map<String, Setting> settings = new LinkedHashMap<>();
      for (Setting setting : ConfigSettings.of(root.resolve(module))) {
        settings.put(setting.property(), setting);
      }
      for (Option option : mappings.options(module)) {
        String meaning = option.meaning().isEmpty() ? meaning(option.property()) : option.meaning();
        for (Setting setting : settingsOf(option, settings)) {
          row(setting, option.type(), meaning);
        }
      }
      for (Setting setting : settings.values()) {
        if (!isLibrarys(module, setting)) {
          String[] explained = meaning(setting.property()).split(" \\| ", 2);
          row(setting, explained[0], explained.length == 2 ? explained[1] : "");
        }
      }
    }
  }

  /** The lines that set an option; several for a map's entries, one without a variable for none. */
  private static List<Setting> settingsOf(Option option, Map<String, Setting> settings) {
    String pattern = option.property().replace(".", "\\.").replace("<name>", "[a-z-]+");
    List<String> named = settings.keySet().stream().filter(name -> name.matches(pattern)).toList();
    if (named.isEmpty()) {
      return List.of(new Setting(option.property(), environmentName(option), option.fallback()));
    }
    return named.stream().map(settings::remove).toList();
  }

  private static String environmentName(Option option) {
    return option.property().replaceAll("[^a-zA-Z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  /** Whether a service only repeats what a library sets for all. */
  private boolean isLibrarys(String module, Setting setting) throws IOException {
    if (module.startsWith("libs/")) {
      return false;
    }
    for (String library : EVERYWHERE) {
      if (ConfigSettings.of(root.resolve(library)).contains(setting)) {
        return true;
      }
    }
    return false;
  }

  private String meaning(String name) {
    used.add(name);
    String meaning = meanings.get(name);
    if (meaning == null) {
      undocumented.add(name);
      return "";
    }
    return meaning;
  }

  private void row(Setting setting, String type, String meaning) {
    page.append(
        "| `%s` | `%s` | %s | %s | %s |%n"
            .formatted(
                setting.variable(),
                setting.property(),
                type,
                setting.fallback().map(ConfigurationPage::shown).orElse(""),
                meaning));
  }

  private static String shown(String fallback) {
    Matcher other = OTHER.matcher(fallback);
    return other.matches() ? "that of `" + other.group(1) + "`" : "`" + fallback + "`";
  }

  /** Programs beside the services read their variables themselves. */
  private void programs() throws IOException {
    page.append(
        """

        ## The migrations, the command line and the local stack

        | variable | meaning |
        |---|---|
        """);
    for (String name : meanings.keySet()) {
      if (name.matches("DOME_[A-Z_]+")) {
        page.append("| `%s` | %s |%n".formatted(name, meaning(name)));
      }
    }
  }
}
