package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two services of one class each that have a library in common. */
final class ServiceClassesTest {
  @TempDir Path directory;
  private Cache cache;

  @BeforeEach
  void build() throws IOException {
    cache = new Cache(directory.resolve("cache"));
    compile(
        "Shared", "public class Shared { public static String word() { return \"as built\"; } }");
    compile(
        "Changed", "public class Changed { public static String word() { return \"shipped\"; } }");
    for (var service : List.of("one", "two")) {
      compile(
          "Main",
          "public class Main { public static void main(String[] a) {"
              + " System.out.println(Shared.word() + \", \" + Changed.word()); } }");
      jar(app(service).resolve("lib/main/org.shared.jar"), "Shared");
      jar(app(service).resolve("lib/main/org.changed.jar"), "Changed");
      jar(app(service).resolve("app/" + service + ".jar"), "Main");
    }
    compile(
        "Changed", "public class Changed { public static String word() { return \"changed\"; } }");
    for (var service : List.of("one", "two")) {
      jar(app(service).resolve("quarkus/transformed-bytecode.jar"), "Changed");
      runJar(service);
    }
  }

  @Test
  void what_one_jvm_has_learned_the_next_has_from_archives() {
    var started = run("one", true);
    assertThat(started).contains("as built, changed").doesNotContain(" shared objects file (top)");
    assertThat(classes("one").libraries().canBeMade()).as("two has not run").isFalse();
    run("two", true);
    assertThat(classes("two").libraries().canBeMade()).isTrue();

    classes("one").libraries().make();
    assertThat(classes("two").isArchived()).isFalse();
    assertThat(run("two", true))
        .contains("as built, changed")
        .contains("Shared source: shared objects file")
        .contains("Changed source: shared objects file");

    assertThat(classes("two").isArchived()).isTrue();
    assertThat(run("two", false)).contains("Main source: shared objects file (top)");
    assertThat(classes("one").isArchived()).as("it left nothing yet").isFalse();
  }

  @Test
  void a_replica_that_leaves_nothing_learns_nothing() {
    run("one", false);
    run("two", false);
    assertThat(classes("one").libraries().canBeMade()).isFalse();
  }

  @Test
  void an_archive_that_could_not_be_made_says_why_and_services_learn_again() throws Exception {
    var archive = classes("one").libraries();
    for (var service : List.of("one", "two")) {
      Files.writeString(archive.folder().resolve(service + "-1.classes"), "@no-such-tag\n");
    }
    archive.make();

    assertThat(archive.folder().resolve("libraries.log")).content().isNotBlank();
    assertThat(archive.exists()).isFalse();
    assertThat(archive.canBeMade()).isFalse();
    assertThat(run("one", true)).contains("as built, changed");
  }

  @Test
  void an_archive_that_services_could_not_start_from_is_not_kept() throws Exception {
    run("one", true);
    run("two", true);
    var archive = classes("one").libraries();

    archive.make(List.of("-XX:NoSuchFlag"));

    assertThat(archive.folder().resolve("libraries.log")).content().contains("NoSuchFlag");
    assertThat(archive.exists()).isFalse();
    try (var left = Files.list(archive.folder())) {
      assertThat(left).as("an archive takes 100 MB").noneMatch(f -> f.toString().endsWith(".jsa"));
    }
  }

  @Test
  void where_the_heap_has_no_room_for_linked_classes_they_are_archived_as_they_are_read() {
    run("one", true);
    run("two", true);
    var small = List.of("-XX:+UseSerialGC", "-Xms4m", "-Xmx4m", "-Xmn3500k");

    classes("one").libraries().make(small);

    assertThat(run("one", false, small))
        .contains("as built, changed")
        .contains("Shared source: shared objects file");
  }

  @Test
  void classes_are_archived_linked_where_the_jdk_can() {
    assertThat(LibraryArchive.linking(Runtime.Version.parse("21.0.8"))).isEmpty();
    assertThat(LibraryArchive.linking(Runtime.Version.parse("24.0.2"))).isEmpty();
    assertThat(LibraryArchive.linking(Runtime.Version.parse("25.0.1")))
        .containsExactly("-XX:+AOTClassLinking");
  }

  @Test
  void a_library_that_the_builds_changed_differently_is_not_common() throws Exception {
    compile("Changed", "public class Changed { public static String word() { return \"else\"; } }");
    jar(app("two").resolve("quarkus/transformed-bytecode.jar"), "Changed");

    assertThat(classes("one").libraries().libraries().names()).containsExactly("org.shared.jar");
    assertThat(run("one", true)).contains("as built, changed");
    assertThat(run("two", true)).contains("as built, else");
  }

  @Test
  void a_library_of_another_version_is_not_common() throws Exception {
    jar(app("two").resolve("lib/main/org.shared.jar"), "Shared", "Main");
    assertThat(classes("one").libraries().libraries().names()).containsExactly("org.changed.jar");
  }

  @Test
  void the_jar_of_the_main_class_is_not_common() throws Exception {
    for (var service : List.of("one", "two")) {
      jar(app(service).resolve("lib/main/org.shared.jar"), "Shared", "Main");
    }
    assertThat(classes("one").libraries().libraries().names()).containsExactly("org.changed.jar");
  }

  @Test
  void another_build_or_place_has_an_archive_of_its_own() throws Exception {
    var first = classes("one").own();
    assertThat(classes("one").own()).isEqualTo(first);
    assertThat(classes("two").own()).isNotEqualTo(first);
    Files.writeString(first, "classes");
    var foreign = first.resolveSibling("one-0123456789abcdef-0123456789abcdef.jsa");
    Files.writeString(foreign, "classes of another place");

    Files.setLastModifiedTime(run("one"), FileTime.fromMillis(1));
    assertThat(classes("one").own()).isNotEqualTo(first);
    Files.writeString(classes("one").own(), "classes");

    classes("one").deleteOlder();
    assertThat(first).doesNotExist();
    assertThat(foreign).exists();
    assertThat(classes("one").own()).exists();
  }

  @Test
  void a_build_that_is_missing_says_what_makes_it() {
    assertThatThrownBy(() -> RunJar.read(directory.resolve("quarkus-run.jar")))
        .isInstanceOf(DevstackException.class)
        .hasMessageContaining("./dome build");
  }

  @Test
  void stopping_a_service_that_leaves_its_archive_says_so() throws Exception {
    var missing = directory.resolve("ingest.jsa");
    var there = Files.writeString(directory.resolve("provenance.jsa"), "classes");
    var members = List.of(member("ingest", missing), member("provenance", there));
    var steps = new ConcurrentLinkedQueue<String>();

    LocalStack.stop(directory, new StackState("", "", "", "", members), heardBy(steps));

    assertThat(steps)
        .containsExactlyInAnyOrder(
            "stop ingest, which leaves its classes for the next", "stop provenance");
    assertThat(members).noneMatch(StackState.Member::runs);
  }

  private ServiceClasses classes(String service) {
    var jars = Stream.of("one", "two").map(name -> RunJar.read(run(name))).toList();
    var archive = LibraryArchive.of(List.of("one", "two"), jars, cache);
    return new ServiceClasses(service, RunJar.read(run(service)), archive);
  }

  /** What the service printed, and from where it had its classes. */
  private String run(String service, boolean leaves) {
    return run(service, leaves, List.of("-XX:+UseSerialGC"));
  }

  private String run(String service, boolean leaves, List<String> flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-Xlog:class+load");
    command.addAll(classes(service).flags(leaves));
    command.addAll(classes(service).program());
    var result = Executables.run(command);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output();
  }

  private Path app(String service) {
    return directory.resolve(service);
  }

  private Path run(String service) {
    return app(service).resolve("quarkus-run.jar");
  }

  private void compile(String name, String source) throws IOException {
    var file = Files.writeString(directory.resolve(name + ".java"), source);
    var path = directory.toString();
    var exit =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", path, "-cp", path, file.toString());
    assertThat(exit).isZero();
  }

  private void jar(Path file, String... classes) throws IOException {
    Files.createDirectories(file.getParent());
    try (var jar = new JarOutputStream(Files.newOutputStream(file))) {
      for (var name : classes) {
        jar.putNextEntry(new JarEntry(name + ".class"));
        jar.write(Files.readAllBytes(directory.resolve(name + ".class")));
        jar.closeEntry();
      }
    }
  }

  private void runJar(String service) throws IOException {
    var manifest = new Manifest();
    var main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, "Main");
    main.put(new Attributes.Name("Add-Opens"), "java.base/java.lang java.base/java.nio");
    main.put(
        Attributes.Name.CLASS_PATH,
        "quarkus/transformed-bytecode.jar app/%s.jar lib/main/org.shared.jar lib/main/org.changed.jar"
            .formatted(service));
    var bytes = new ByteArrayOutputStream();
    new JarOutputStream(bytes, manifest).close();
    Files.write(run(service), bytes.toByteArray());
  }

  private StackState.Member member(String name, Path archive) {
    var log = directory.resolve(name + ".log");
    var command =
        List.of(
            "sh", "-c", "while :; do sleep 0.1; done", "sh", "-XX:ArchiveClassesAtExit=" + archive);
    var process =
        ChildProcess.start(
            new ChildProcess.Launch(command, Map.of(), directory, log, Lifetime.WITH_PARENT));
    return new StackState.Member(
        name, process.pid(), process.startedAtMs(), "http://127.0.0.1:1", log.toString(), "TERM");
  }

  private static Progress heardBy(Collection<String> steps) {
    return new Progress() {
      @Override
      public void started(String step) {
        steps.add(step);
      }

      @Override
      public void finished(String step, Duration took) {}
    };
  }
}
