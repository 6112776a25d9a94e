package dev.dome.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The same sources make the same files: nothing of the build is whatever is newest that day. */
class PinnedBuildTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));

  /** A release by its number, or the property that has it. */
  private static final Pattern FIXED =
      Pattern.compile("\\$\\{[a-z0-9.-]+}|[0-9]+(\\.[0-9A-Za-z]+)*([.-][0-9A-Za-z]+)*");

  /** What a build runs without being told to, so without a version it would be Maven's choice. */
  private static final Set<String> OF_EVERY_BUILD =
      Set.of(
          "maven-clean-plugin",
          "maven-resources-plugin",
          "maven-compiler-plugin",
          "maven-surefire-plugin",
          "maven-jar-plugin");

  @Test
  void everyPluginOfTheBuildHasOneVersion() throws Exception {
    Set<String> managed = new TreeSet<>();
    for (Element plugin : plugins(ROOT.resolve("pom.xml"))) {
      managed.add(text(plugin, "artifactId"));
      assertThat(text(plugin, "version")).as(text(plugin, "artifactId")).matches(FIXED);
    }
    assertThat(managed).containsAll(OF_EVERY_BUILD);
    for (Path pom : modules()) {
      for (Element plugin : plugins(pom)) {
        String name = text(plugin, "artifactId");
        String version = text(plugin, "version");
        if (version.isEmpty()) {
          assertThat(managed).as("a version of %s for %s", name, pom).contains(name);
        } else {
          assertThat(version).as("%s in %s", name, pom).matches(FIXED);
        }
      }
    }
  }

  @Test
  void noVersionOfALibraryIsARangeOrASnapshot() throws Exception {
    List<Path> poms = new ArrayList<>(modules());
    poms.add(ROOT.resolve("pom.xml"));
    for (Path pom : poms) {
      NodeList dependencies = parsed(pom).getElementsByTagName("dependency");
      for (int i = 0; i < dependencies.getLength(); i++) {
        Element dependency = (Element) dependencies.item(i);
        String version = text(dependency, "version");
        if (!version.isEmpty() && !text(dependency, "groupId").equals("dev.dome")) {
          assertThat(version).as("%s in %s", text(dependency, "artifactId"), pom).matches(FIXED);
          assertThat(version).doesNotContain("SNAPSHOT");
        }
      }
    }
  }

  @Test
  void mavenItselfIsKnownByItsDigest() throws IOException {
    Properties wrapper = new Properties();
    try (var in = Files.newInputStream(ROOT.resolve(".mvn/wrapper/maven-wrapper.properties"))) {
      wrapper.load(in);
    }
    assertThat(wrapper.getProperty("distributionSha256Sum")).matches("[0-9a-f]{64}");
  }

  @Test
  void pluginsThatScriptsNameHaveTheirVersions() throws IOException {
    Pattern named =
        Pattern.compile("\\b([a-z.]+):([a-z-]+-maven-plugin|maven-[a-z-]+-plugin)(\\S*)");
    int found = 0;
    try (Stream<Path> files = Files.walk(ROOT.resolve(".ci"))) {
      for (Path script : files.filter(Files::isRegularFile).toList()) {
        Matcher plugin = named.matcher(Files.readString(script));
        while (plugin.find()) {
          found++;
          assertThat(plugin.group(3))
              .as("%s in %s", plugin.group(2), script)
              .matches(":[0-9].*:.*");
        }
      }
    }
    assertThat(found).isPositive();
  }

  @Test
  void whatIsBuiltCarriesOneTime() throws Exception {
    assertThat(
            parsed(ROOT.resolve("pom.xml"))
                .getElementsByTagName("project.build.outputTimestamp")
                .item(0)
                .getTextContent())
        .matches("20[0-9-]{8}T[0-9:]{8}Z");
  }

  private static List<Path> modules() throws IOException {
    List<Path> poms = new ArrayList<>();
    for (String group : List.of("libs", "services")) {
      try (Stream<Path> folders = Files.list(ROOT.resolve(group))) {
        folders.map(folder -> folder.resolve("pom.xml")).filter(Files::exists).forEach(poms::add);
      }
    }
    return poms;
  }

  private static List<Element> plugins(Path pom) throws Exception {
    List<Element> plugins = new ArrayList<>();
    NodeList found = parsed(pom).getElementsByTagName("plugin");
    for (int i = 0; i < found.getLength(); i++) {
      plugins.add((Element) found.item(i));
    }
    return plugins;
  }

  private static Document parsed(Path pom) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
  }

  /** The text of a child, or nothing. */
  private static String text(Element element, String name) {
    NodeList children = element.getChildNodes();
    for (int i = 0; i < children.getLength(); i++) {
      if (children.item(i) instanceof Element child && child.getTagName().equals(name)) {
        return child.getTextContent().strip();
      }
    }
    return "";
  }
}
