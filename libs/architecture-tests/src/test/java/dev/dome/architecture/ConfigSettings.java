package dev.dome.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a module's shipped configuration sets, and from which variables of the environment. */
final class ConfigSettings {
  private static final Pattern LINE = Pattern.compile("(?<property>[^#=\\s%][^=]*)=(?<value>.*)");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)[:}]");
  private static final Pattern EXPRESSION =
      Pattern.compile("\\$\\{(?<name>[A-Z][A-Z0-9_]*)(:(?<fallback>.*))?}");

  /**
   * One line that the environment may change.
   *
   * @param variable that it is read from, the first where there are several
   * @param fallback what holds without the variable; absent when that is nothing
   */
  record Setting(String property, String variable, Optional<String> fallback) {}

  private ConfigSettings() {}

  /** Of a service or a library; profiles that only tests and development use are passed by. */
  static List<Setting> of(Path module) throws IOException {
    List<Setting> settings = new ArrayList<>();
    for (String line : lines(module)) {
      Matcher parts = LINE.matcher(line);
      if (parts.matches()) {
        Matcher expression = EXPRESSION.matcher(parts.group("value"));
        if (expression.matches()) {
          settings.add(
              new Setting(
                  parts.group("property"),
                  expression.group("name"),
                  Optional.ofNullable(expression.group("fallback")).filter(f -> !f.isEmpty())));
        }
      }
    }
    return settings;
  }

  /** Every variable of the environment that the module's lines name, wherever in a value. */
  static Set<String> variables(Path module) throws IOException {
    Set<String> names = new TreeSet<>();
    for (String line : lines(module)) {
      if (!line.startsWith("#")) {
        VARIABLE.matcher(line).results().forEach(match -> names.add(match.group(1)));
      }
    }
    return names;
  }

  private static List<String> lines(Path module) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name :
        List.of("application.properties", "META-INF/microprofile-config.properties")) {
      Path file = module.resolve("src/main/resources").resolve(name);
      if (Files.exists(file)) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }
}
