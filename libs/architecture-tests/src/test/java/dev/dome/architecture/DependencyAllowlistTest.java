package dev.dome.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Every library a module asks for stands in doc/dependencies.md with a licence and a reason. */
class DependencyAllowlistTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\|$");

  @Test
  void declaredLibrariesAndAllowlistAgree() throws Exception {
    Map<String, String> allowed = allowlist();

    SortedSet<String> declared = declared();

    assertThat(declared)
        .as(
            "a library in a module's pom.xml and the rows of doc/dependencies.md: add the row with"
                + " its licence and why our own code would be worse, or drop the library")
        .isEqualTo(new TreeSet<>(allowed.keySet()));
  }

  private static Map<String, String> allowlist() throws IOException {
    Map<String, String> rows = new TreeMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("doc/dependencies.md"))) {
      Matcher row = ROW.matcher(line.strip());
      if (row.matches()) {
        assertThat(row.group(2))
            .as(row.group(1))
            .matches(
                "(Apache-2.0|MIT|BSD-[23]-Clause|EPL-2.0|MPL-2.0|0BSD|PostgreSQL|public domain).*");
        assertThat(row.group(3).strip()).as("reason for " + row.group(1)).hasSizeGreaterThan(10);
        rows.put(row.group(1), row.group(3));
      }
    }
    return rows;
  }

  private static SortedSet<String> declared() throws Exception {
    SortedSet<String> found = new TreeSet<>();
    for (String group : new String[] {"libs", "services"}) {
      try (Stream<Path> modules = Files.list(ROOT.resolve(group))) {
        for (Path pom : modules.map(m -> m.resolve("pom.xml")).filter(Files::exists).toList()) {
          NodeList dependencies =
              DocumentBuilderFactory.newInstance()
                  .newDocumentBuilder()
                  .parse(pom.toFile())
                  .getElementsByTagName("dependency");
          for (int i = 0; i < dependencies.getLength(); i++) {
            String name = coordinates((Element) dependencies.item(i));
            if (!name.startsWith("dev.dome:")) {
              found.add(name);
            }
          }
        }
      }
    }
    return found;
  }

  private static String coordinates(Element dependency) {
    return text(dependency, "groupId") + ":" + text(dependency, "artifactId");
  }

  private static String text(Element dependency, String tag) {
    return dependency.getElementsByTagName(tag).item(0).getTextContent().strip();
  }
}
