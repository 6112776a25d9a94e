package dev.dome.devstack;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The libraries that several services load, as the beginning of the class path of each. A JVM takes
 * classes from an archive only when its class path begins as that of the archive did; so one
 * archive, mapped once, serves all these services, and holds until a library changes.
 *
 * <p>Some classes of libraries are changed by each service's build, all in the same way. They come
 * first, in a jar of their own; a library whose classes the builds changed differently is left to
 * the services, and so is the one that holds their main class.
 *
 * @param jars copies, for builds come and go
 * @param names of the libraries' files
 * @param key of these libraries
 */
record CommonLibraries(List<Path> jars, Set<String> names, String key) {
  private static final String TRANSFORMED = "transformed.jar";

  /** What the services have in common. */
  static CommonLibraries of(List<RunJar> services, Cache cache) {
    try {
      var transformed = new Transformed(services);
      var theirs = services.stream().map(CommonLibraries::byName).toList();
      var common = new LinkedHashMap<String, Path>();
      var changed = new TreeMap<String, byte[]>();
      var main = services.getFirst().mainClass().replace('.', '/') + ".class";
      for (var library : services.getFirst().libraries()) {
        try (var jar = new JarFile(library.toFile())) {
          var changes = transformed.within(jar);
          // The main class finds a service by where its own jar lies.
          if (isIn(theirs, library)
              && jar.getEntry(main) == null
              && changes.stream().allMatch(transformed::agreed)) {
            common.put(name(library), library);
            changes.forEach(name -> changed.put(name, transformed.bytes(name)));
          }
        }
      }
      var key = key(common, changed);
      var copies = cache.directory("libraries-" + key, folder -> copy(common, changed, folder));
      return new CommonLibraries(
          Stream.concat(Stream.of(TRANSFORMED), common.keySet().stream())
              .map(copies::resolve)
              .toList(),
          Set.copyOf(common.keySet()),
          key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All jars of the service as a JVM wants them, the common ones first. */
  String classPathOf(RunJar service) {
    var others = service.classPath().stream().filter(jar -> !names.contains(name(jar)));
    return path(Stream.concat(jars.stream(), others).toList());
  }

  static String path(List<Path> jars) {
    return jars.stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  private static Map<String, Path> byName(RunJar service) {
    return service.libraries().stream()
        .collect(Collectors.toMap(CommonLibraries::name, jar -> jar, (first, other) -> first));
  }

  private static boolean isIn(List<Map<String, Path>> services, Path library) throws IOException {
    for (var libraries : services) {
      var theirs = libraries.get(name(library));
      if (theirs == null || Files.size(theirs) != Files.size(library)) {
        return false;
      }
    }
    return true;
  }

  private static String name(Path jar) {
    return jar.getFileName().toString();
  }

  private static String key(Map<String, Path> common, Map<String, byte[]> changed)
      throws IOException {
    var origin = new ArrayList<String>();
    for (var library : common.entrySet()) {
      origin.add(library.getKey() + " " + Files.size(library.getValue()));
    }
    changed.forEach((name, bytes) -> origin.add(name + " " + BuildKey.of(bytes)));
    return BuildKey.of(String.join("\n", origin).getBytes(StandardCharsets.UTF_8));
  }

  private static void copy(Map<String, Path> common, Map<String, byte[]> changed, Path folder) {
    try {
      for (var library : common.entrySet()) {
        Files.copy(library.getValue(), folder.resolve(library.getKey()));
      }
      try (var jar =
          new JarOutputStream(
              new BufferedOutputStream(Files.newOutputStream(folder.resolve(TRANSFORMED))))) {
        for (var entry : changed.entrySet()) {
          jar.putNextEntry(new JarEntry(entry.getKey()));
          jar.write(entry.getValue());
          jar.closeEntry();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The classes that the builds changed. */
  private static final class Transformed {
    private final List<Map<String, byte[]>> byService = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    Transformed(List<RunJar> services) throws IOException {
      for (var service : services) {
        var classes = new TreeMap<String, byte[]>();
        if (service.transformed().isPresent()) {
          read(service.transformed().get(), classes);
        }
        byService.add(classes);
        names.addAll(classes.keySet());
      }
    }

    private static void read(Path file, Map<String, byte[]> classes) throws IOException {
      try (var jar = new JarFile(file.toFile())) {
        for (var entry : jar.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
          try (var bytes = jar.getInputStream(entry)) {
            classes.put(entry.getName(), bytes.readAllBytes());
          }
        }
      }
    }

    /** Which classes of the library some build changed. */
    List<String> within(JarFile library) {
      return names.stream().filter(name -> library.getEntry(name) != null).sorted().toList();
    }

    /** Whether every build made the same of the class. */
    boolean agreed(String name) {
      var ours = bytes(name);
      return byService.stream().allMatch(theirs -> Arrays.equals(ours, theirs.get(name)));
    }

    byte[] bytes(String name) {
      return byService.getFirst().get(name);
    }
  }
}
