package dev.dome.devstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * A jar that consists of a manifest: it names the jars of a service, its main class, and what of
 * the JDK it opens. A JVM that is told the same on its command line need not read it.
 *
 * @param opens packages as the manifest names them, {@code module/package}
 */
record RunJar(Path file, List<Path> classPath, String mainClass, List<String> opens) {
  private static final Attributes.Name OPENS = new Attributes.Name("Add-Opens");

  /**
   * Reads the jar of a build.
   *
   * @throws DevstackException when it is not there or names no main class
   */
  static RunJar read(Path file) {
    if (!Files.exists(file)) {
      throw new DevstackException(file + " is missing: ./dome build makes it");
    }
    try (var jar = new JarFile(file.toFile())) {
      var named = Optional.ofNullable(jar.getManifest()).orElseGet(Manifest::new);
      var main = named.getMainAttributes();
      return new RunJar(
          file,
          words(main, Attributes.Name.CLASS_PATH)
              .map(file.toAbsolutePath()::resolveSibling)
              .toList(),
          words(main, Attributes.Name.MAIN_CLASS)
              .findFirst()
              .orElseThrow(() -> new DevstackException(file + " names no main class")),
          words(main, OPENS).toList());
    } catch (IOException e) {
      throw new DevstackException(file + " cannot be read: ./dome build makes it", e);
    }
  }

  private static Stream<String> words(Attributes attributes, Attributes.Name name) {
    return Optional.ofNullable(attributes.getValue(name)).stream()
        .flatMap(value -> Stream.of(value.strip().split(" +", -1)));
  }

  /** The jar of classes that the build changed; it comes before the jars it took them from. */
  Optional<Path> transformed() {
    return classPath.stream()
        .filter(jar -> jar.endsWith("quarkus/transformed-bytecode.jar"))
        .findFirst();
  }

  /** The jars of others. */
  List<Path> libraries() {
    return classPath.stream()
        .filter(jar -> jar.getParent().getParent().endsWith("lib"))
        .filter(jar -> !jar.getFileName().toString().startsWith("dev.dome."))
        .toList();
  }

  /** The flags that open the packages to classes of a class path. */
  List<String> openFlags() {
    return opens.stream().map(opened -> "--add-opens=" + opened + "=ALL-UNNAMED").toList();
  }
}
