package dev.dome.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.ReferencedClassObject;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A native executable has only that reflection which is named when it is built. Quarkus names what
 * REST endpoints take and give; each module names the rest in its {@code
 * META-INF/native-image/dev.dome/<module>/reachability-metadata.json}: every record and enum, what
 * Jackson is handed by its class or told about by annotations, and the commands of the command
 * line. That is more than is written as JSON, and leaves nothing to remember.
 */
class NativeMetadataTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final Pattern MODULE = Pattern.compile("/((?:libs|services)/[^/]+)/target/");
  private static final String JACKSON = "com.fasterxml.jackson.";
  private static final String PICOCLI = "picocli.CommandLine$";

  private static final Set<JavaClass> CLASSES =
      new ClassFileImporter()
              .withImportOption(new ImportOption.DoNotIncludeTests())
              .importPackages("dev.dome")
              .stream()
              .collect(Collectors.toUnmodifiableSet());

  @Test
  void everyModuleNamesItsRecordsAndCommands() throws IOException {
    Map<Path, String> wanted = new TreeMap<>();
    registered().forEach((module, types) -> wanted.put(file(module), document(types)));

    assertThat(wanted).as("modules whose classes were found").isNotEmpty();
    if (Boolean.getBoolean("dome.native.write")) {
      write(wanted);
    }

    assertThat(present())
        .as("files, and modules with types to name: run it with -Ddome.native.write=true")
        .containsExactlyInAnyOrderElementsOf(wanted.keySet());
    for (Map.Entry<Path, String> file : wanted.entrySet()) {
      assertThat(file.getKey())
          .as("run NativeMetadataTest with -Ddome.native.write=true")
          .exists()
          .content()
          .isEqualTo(file.getValue());
    }
  }

  private static void write(Map<Path, String> wanted) throws IOException {
    for (Path file : present()) {
      if (!wanted.containsKey(file)) {
        Files.delete(file);
      }
    }
    for (Map.Entry<Path, String> file : wanted.entrySet()) {
      Files.createDirectories(file.getKey().getParent());
      Files.writeString(file.getKey(), file.getValue());
    }
  }

  /** The files of all modules, those whose types are gone too. */
  private static Set<Path> present() throws IOException {
    Set<Path> present = new TreeSet<>();
    for (String group : List.of("libs", "services")) {
      try (Stream<Path> modules = Files.list(ROOT.resolve(group))) {
        modules
            .map(module -> file(group + "/" + module.getFileName()))
            .filter(Files::exists)
            .forEach(present::add);
      }
    }
    return present;
  }

  /** Names of what the code hands to Jackson by its class. */
  private static Set<String> read() {
    return CLASSES.stream()
        .flatMap(type -> type.getCodeUnits().stream())
        .filter(NativeMetadataTest::readsJson)
        .flatMap(unit -> unit.getReferencedClassObjects().stream())
        .map(ReferencedClassObject::getRawType)
        .map(JavaClass::getName)
        .filter(name -> name.startsWith("dev.dome"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean readsJson(JavaCodeUnit unit) {
    return unit.getMethodCallsFromSelf().stream()
        .map(JavaAccess::getTarget)
        .anyMatch(call ->
            (call.getOwner().isEquivalentTo(Json.class) && call.getName().equals("read"))
                || (call.getOwner().isAssignableTo(ObjectMapper.class)
                    && Set.of("readValue", "treeToValue", "convertValue")
                        .contains(call.getName())));
  }

  /** Names of types by their module. */
  private static Map<String, Set<String>> registered() {
    Map<String, Set<String>> modules = new TreeMap<>();
    Set<String> read = read();
    CLASSES.stream()
        .filter(type ->
            isData(type)
                || isToldToJackson(type)
                || isCommand(type)
                || read.contains(type.getName()))
        .forEach(type ->
            modules.computeIfAbsent(module(type), module -> new TreeSet<>()).add(type.getName()));
    return modules;
  }

  private static boolean isData(JavaClass type) {
    return type.isRecord() || type.isEnum();
  }

  private static boolean isToldToJackson(JavaClass type) {
    return type.isAssignableTo(JsonDeserializer.class)
        || type.isAssignableTo(JsonSerializer.class)
        || isAnnotated(type, JACKSON);
  }

  private static boolean isCommand(JavaClass type) {
    return isAnnotated(type, PICOCLI)
        || type.getFields().stream()
            .flatMap(field -> field.getAnnotations().stream())
            .anyMatch(annotation -> annotation.getRawType().getName().startsWith(PICOCLI))
        || type.getAllRawInterfaces().stream()
            .anyMatch(implemented -> implemented.getName().startsWith(PICOCLI));
  }

  private static boolean isAnnotated(JavaClass type, String prefix) {
    return type.getAnnotations().stream()
        .anyMatch(annotation -> annotation.getRawType().getName().startsWith(prefix));
  }

  private static String module(JavaClass type) {
    String source = type.getSource().orElseThrow().getUri().toString();
    Matcher module = MODULE.matcher(source);
    assertThat(module.find()).as("the module of " + source).isTrue();
    return module.group(1);
  }

  private static Path file(String module) {
    return ROOT.resolve(module)
        .resolve("src/main/resources/META-INF/native-image/dev.dome")
        .resolve(module.substring(module.indexOf('/') + 1))
        .resolve("reachability-metadata.json");
  }

  private static String document(Set<String> types) {
    ObjectNode document = Json.mapper().createObjectNode();
    ArrayNode reflection = document.putArray("reflection");
    for (String type : types) {
      reflection
          .addObject()
          .put("type", type)
          .put("allDeclaredConstructors", true)
          .put("allDeclaredMethods", true)
          .put("allDeclaredFields", true);
    }
    return document.toPrettyString() + "\n";
  }
}
