package dev.dome.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The archive of the classes that some services load of their common libraries. It is made once,
 * from what their JVMs wrote down while they ran without it.
 *
 * @param services whose JVMs must have run
 * @param opens flags that JVMs which use the archive have too, for it holds only together with them
 * @param folder of the archive and of what was written down
 */
record LibraryArchive(
    CommonLibraries libraries, Set<String> services, List<String> opens, Path folder) {
  private static final String LEARNED = ".classes";

  /** The number of a class within the JVM that wrote it down. */
  private static final Pattern NUMBER = Pattern.compile(" id: .*");

  /** Marks a class that came by a class loader of its own, and so from no library. */
  private static final String OWN_LOADER = " source: ";

  /** The archive for these services and the JVM that runs this. */
  static LibraryArchive of(List<String> names, List<RunJar> services, Cache cache) {
    var libraries = CommonLibraries.of(services, cache);
    var opens =
        services.stream().flatMap(service -> service.openFlags().stream()).distinct().toList();
    var origin = libraries.key() + Runtime.version() + opens;
    var key = BuildKey.of(origin.getBytes(StandardCharsets.UTF_8));
    var folder = PrivateFiles.directory(cache.root().resolve("classes"));
    return new LibraryArchive(
        libraries, Set.copyOf(names), opens, PrivateFiles.directory(folder.resolve(key)));
  }

  Path file() {
    return folder.resolve("libraries.jsa");
  }

  boolean exists() {
    return Files.exists(file());
  }

  /** The flag of a JVM that writes down what it loads; the file is whole once the JVM has ended. */
  String learn(String service) {
    return "-XX:DumpLoadedClassList=" + folder.resolve(service + "-%p" + LEARNED);
  }

  /** Whether the archive is missing and every service has run long enough to make it. */
  boolean canBeMade() {
    return !exists() && services.stream().noneMatch(service -> learned(service).isEmpty());
  }

  /**
   * Makes the archive; takes some ten seconds. When the JVM makes none, what it said is in a file
   * beside, and services go on without: they are slower to start, and learn again.
   */
  void make() {
    try {
      var learned = services.stream().flatMap(service -> learned(service).stream()).toList();
      var classes = Files.createTempFile(folder, "all", ".list");
      Files.write(classes, classes(learned));
      var made = classes.resolveSibling(classes.getFileName() + ".jsa");
      var result = Executables.run(command(classes, made));
      Files.delete(classes);
      for (var list : learned) {
        Files.deleteIfExists(list);
      }
      if (result.exitCode() == 0 && Files.exists(made)) {
        Files.move(made, file(), StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.writeString(folder.resolve("libraries.log"), result.output());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command(Path classes, Path made) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:dump", "-XX:+UseSerialGC", "-Xlog:disable"));
    command.addAll(opens);
    command.add("-XX:SharedClassListFile=" + classes);
    command.add("-XX:SharedArchiveFile=" + made);
    command.addAll(List.of("-cp", CommonLibraries.path(libraries.jars())));
    return command;
  }

  private List<Path> learned(String service) {
    var theirs = Pattern.compile(Pattern.quote(service) + "-(pid)?\\d+" + Pattern.quote(LEARNED));
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> theirs.matcher(file.getFileName().toString()).matches()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each class once, in the order in which it was needed. */
  private static Set<String> classes(List<Path> lists) throws IOException {
    var classes = new LinkedHashSet<String>();
    for (var list : lists) {
      var text = Files.readString(list);
      // A JVM that was killed leaves a list that ends in the middle of a line.
      text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.contains(OWN_LOADER))
          .map(line -> NUMBER.matcher(line).replaceFirst(""))
          .forEach(classes::add);
    }
    return classes;
  }
}
