package dev.dome.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.architecture.ConfigMappings.Option;
import dev.dome.architecture.ConfigSettings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** doc/operations/configuration.md names every setting, as the sources have it. */
class ConfigurationTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final Path PAGE = ROOT.resolve("doc/operations/configuration.md");

  private static final Path KNOWN =
      ROOT.resolve("libs/web/src/main/java/dev/dome/web/identity/KnownVariables.java");

  /** Read from the environment by programs that are no Quarkus services. */
  private static final List<String> PROGRAMS =
      List.of("libs/migrations", "libs/devstack", "libs/cli", "libs/web");

  private static final Pattern READ = Pattern.compile("\"(DOME_[A-Z_]*[A-Z])\"");

  @Test
  void thePageIsWhatTheSourcesSay() throws IOException {
    String made = ConfigurationPage.of(ROOT).text();

    String known = ConfigurationPage.knownVariables(made);
    if (Boolean.getBoolean("dome.configuration.write")) {
      Files.writeString(PAGE, made);
      Files.writeString(KNOWN, known);
    }
    assertThat(KNOWN).exists().content().isEqualTo(known);
    assertThat(PAGE)
        .as("run ConfigurationTest with -Ddome.configuration.write=true and look at the difference")
        .exists()
        .content()
        .isEqualTo(made);
  }

  @Test
  void everySettingIsExplained() throws IOException {
    ConfigurationPage.Made made = ConfigurationPage.of(ROOT);

    assertThat(made.undocumented())
        .as("write Javadoc at the mapping's method, or a line in configuration-meanings.properties")
        .isEmpty();
    assertThat(made.stale()).as("lines of configuration-meanings.properties for nothing").isEmpty();
  }

  @Test
  void everyVariableIsNamed() throws IOException {
    Set<String> variables = new TreeSet<>();
    for (Path module : modules()) {
      ConfigSettings.variables(module).stream()
          .filter(name -> name.startsWith("DOME_"))
          .forEach(variables::add);
    }
    for (String module : PROGRAMS) {
      variables.addAll(readBy(ROOT.resolve(module)));
    }

    String page = ConfigurationPage.of(ROOT).text();
    assertThat(variables).hasSizeGreaterThan(40);
    assertThat(variables)
        .as("read from the environment and not named by " + ROOT.relativize(PAGE))
        .allMatch(variable -> page.contains("`" + variable + "`"));
  }

  @Test
  void aDefaultIsTheSameInBothPlaces() throws IOException {
    ConfigMappings mappings = ConfigMappings.of(ROOT);
    List<String> differences = new ArrayList<>();
    List<String> compared = new ArrayList<>();
    for (Path module : modules()) {
      List<Option> options = mappings.options(ROOT.relativize(module).toString());
      for (Setting setting : ConfigSettings.of(module)) {
        options.stream()
            .filter(option -> option.property().equals(setting.property()))
            .filter(option -> option.fallback().isPresent())
            .peek(option -> compared.add(option.property()))
            .filter(option -> !option.fallback().equals(setting.fallback()))
            .forEach(option -> differences.add(option + " but " + setting));
      }
    }

    assertThat(compared).hasSizeGreaterThan(15);
    assertThat(differences).isEmpty();
  }

  private static List<Path> modules() throws IOException {
    List<Path> modules = new ArrayList<>();
    for (String group : List.of("libs", "services")) {
      try (Stream<Path> folders = Files.list(ROOT.resolve(group))) {
        folders.filter(Files::isDirectory).forEach(modules::add);
      }
    }
    return modules;
  }

  private static Set<String> readBy(Path module) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        READ.matcher(Files.readString(file)).results().forEach(read -> names.add(read.group(1)));
      }
    }
    return names;
  }
}
