package dev.dome.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Every library that dome runs or is tested with, those that come with another one too, is under a
 * licence that asks nothing of who uses dome. Its POM in the local repository says which.
 */
class LicencesTest {
  private static final int MAX_PARENTS = 10;

  /** One of a library's licences must be one of these. */
  private static final Pattern PERMISSIVE =
      Pattern.compile(
          "(?i).*(apache|\\bmit\\b|mit-0|bsd|eclipse|\\bepl\\b|epl[- ]|\\bedl\\b|edl |cc0|"
              + "public domain|postgresql|universal permissive|0bsd).*");

  /** Texts that are one of those under another name. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "Go License", "BSD-3-Clause, that of the Go language",
          "Bouncy Castle Licence", "the text of MIT");

  @Test
  void everyLibraryIsUnderAPermissiveLicence() throws Exception {
    Map<String, List<String>> others = new TreeMap<>();
    int libraries = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      Path pom = Path.of(entry.replaceAll("(-[a-z0-9_]+)?\\.jar$", ".pom"));
      if (!entry.endsWith(".jar") || isOurs(jar)) {
        continue;
      }
      List<String> licences = licences(pomOf(jar, pom), MAX_PARENTS);
      libraries++;
      if (licences.stream().noneMatch(LicencesTest::isPermissive)) {
        others.put(jar.getFileName().toString(), licences);
      }
    }
    assertThat(others)
        .as("licences that doc/dependencies.md does not allow: drop the library that brings them")
        .isEmpty();
    assertThat(libraries).isGreaterThan(100);
  }

  @Test
  void whatIsNotPermissiveIsToldFromWhatIs() {
    assertThat(List.of("MIT License", "The Apache License, Version 2.0", "EPL 2.0", "Go License"))
        .allMatch(LicencesTest::isPermissive);
    assertThat(List.of("GNU Affero General Public License v3", "Business Source License", "SSPL"))
        .noneMatch(LicencesTest::isPermissive);
  }

  private static boolean isPermissive(String licence) {
    return PERMISSIVE.matcher(licence).matches() || OTHER_NAMES.containsKey(licence);
  }

  private static boolean isOurs(Path jar) {
    return jar.getFileName().toString().startsWith("dome-") || jar.toString().contains("target");
  }

  /** A jar with a classifier has the POM of the one without. */
  private static Path pomOf(Path jar, Path guess) {
    if (Files.exists(guess)) {
      return guess;
    }
    String version = jar.getParent().getFileName().toString();
    String artifact = jar.getParent().getParent().getFileName().toString();
    return jar.resolveSibling(artifact + "-" + version + ".pom");
  }

  private static List<String> licences(Path pom, int parents) throws Exception {
    assertThat(pom).as("the POM of a library").exists();
    Element project =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(pom.toFile())
            .getDocumentElement();
    Element own = child(project, "licenses");
    if (own != null) {
      List<String> names = new ArrayList<>();
      for (Node each = own.getFirstChild(); each != null; each = each.getNextSibling()) {
        if (each instanceof Element licence && child(licence, "name") != null) {
          names.add(child(licence, "name").getTextContent().strip());
        }
      }
      return names;
    }
    Element parent = child(project, "parent");
    return parent == null || parents == 0
        ? List.of()
        : licences(pomOfParent(pom, project, parent), parents - 1);
  }

  /** The repository's folders are group, artifact and version. */
  private static Path pomOfParent(Path pom, Element project, Element parent) {
    String group =
        child(project, "groupId") == null ? text(parent, "groupId") : text(project, "groupId");
    Path repository = pom.getParent().getParent().getParent();
    for (int i = 0; i < group.split("\\.", -1).length; i++) {
      repository = repository.getParent();
    }
    String artifact = text(parent, "artifactId");
    String version = text(parent, "version");
    return repository
        .resolve(text(parent, "groupId").replace('.', '/'))
        .resolve(artifact)
        .resolve(version)
        .resolve(artifact + "-" + version + ".pom");
  }

  private static String text(Element element, String name) {
    return child(element, name).getTextContent().strip();
  }

  private static Element child(Element element, String name) {
    for (Node each = element.getFirstChild(); each != null; each = each.getNextSibling()) {
      if (each instanceof Element found && found.getTagName().equals(name)) {
        return found;
      }
    }
    return null;
  }
}
