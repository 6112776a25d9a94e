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
    var jdk = Runtime.version();
    var origin = libraries.key() + jdk + opens + JvmFlags.EVERY + linking(jdk);
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
   * Makes the archive; takes some ten seconds. When the JVM makes none that services can start
   * from, what it said is in a file beside, and services go on without: they are slower to start,
   * and learn again.
   */
  void make() {
    make(JvmFlags.EVERY);
  }

  /** The same for services with these flags. */
  void make(List<String> flags) {
    try {
      var learned = services.stream().flatMap(service -> learned(service).stream()).toList();
      var classes = Files.createTempFile(folder, "all", ".list");
      Files.write(classes, classes(learned));
      var made = classes.resolveSibling(classes.getFileName() + ".jsa");
      var result = made(classes, made, linking(Runtime.version()), flags);
      if (result.exitCode() != 0) {
        result = made(classes, made, List.of(), flags);
      }
      Files.delete(classes);
      for (var list : learned) {
        Files.deleteIfExists(list);
      }
      if (result.exitCode() == 0 && Files.exists(made)) {
        Files.move(made, file(), StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.deleteIfExists(made);
        Files.writeString(folder.resolve("libraries.log"), result.output());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the JVM said that made an archive, or else the one that could not start from it. */
  private Executables.Result made(
      Path classes, Path made, List<String> linking, List<String> flags) {
    var dump = new ArrayList<String>(List.of("-Xshare:dump", "-XX:+UseSerialGC", "-Xlog:disable"));
    dump.addAll(linking);
    dump.add("-XX:SharedClassListFile=" + classes);
    var result = java(dump, made, List.of());
    return result.exitCode() == 0 ? java(flags, made, List.of("-version")) : result;
  }

  private Executables.Result java(List<String> flags, Path archive, List<String> program) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(opens);
    command.add("-XX:SharedArchiveFile=" + archive);
    command.addAll(List.of("-cp", CommonLibraries.path(libraries.jars())));
    command.addAll(program);
    return Executables.run(command);
  }

  /**
   * Has the archive hold the classes as they are once loaded and linked (JEP 483), which saves each
   * start what that costs. JDK 24 cannot do it for a JVM that opens packages. A JVM whose heap has
   * no room for the objects of such classes does not go on without them, so each archive is tried.
   */
  static List<String> linking(Runtime.Version jdk) {
    return jdk.feature() >= 25 ? List.of("-XX:+AOTClassLinking") : List.of();
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
