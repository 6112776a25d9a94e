package dev.dome.architecture;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * What the sources say about configuration: the methods of every {@code @ConfigMapping} with their
 * Javadoc, and every {@code @ConfigProperty} of dome's own.
 */
final class ConfigMappings {
  private static final Pattern GENERIC =
      Pattern.compile("(?<raw>Optional|Map|List)<(?:String, )?(?<of>\\w+)>");
  private static final Pattern INLINE_TAG = Pattern.compile("\\{@(?:code|link)\\s+#?([^}]*?)}");

  /** Interfaces by their name, and the mappings among them by their module. */
  private final Map<String, Interface> interfaces = new HashMap<>();

  private final Map<String, List<Mapping>> mappings = new TreeMap<>();
  private final Map<String, List<Option>> single = new TreeMap<>();

  /**
   * One setting as the sources know it.
   *
   * @param type in a reader's words
   * @param fallback of {@code @WithDefault}
   * @param meaning the Javadoc's first paragraph; empty when there is none
   */
  record Option(String property, String type, Optional<String> fallback, String meaning) {}

  private record Mapping(String prefix, String name) {}

  private record Interface(ClassTree tree, Map<MethodTree, String> javadoc) {}

  private ConfigMappings() {}

  static ConfigMappings of(Path root) throws IOException {
    ConfigMappings found = new ConfigMappings();
    for (String group : List.of("libs", "services")) {
      try (Stream<Path> modules = Files.list(root.resolve(group))) {
        for (Path module : modules.filter(m -> Files.isDirectory(m.resolve("src/main"))).toList()) {
          found.read(root.relativize(module).toString(), configuring(module));
        }
      }
    }
    return found;
  }

  /** Sources that map configuration, or that a mapping may extend. */
  private static List<Path> configuring(Path module) throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> files = Files.walk(module.resolve("src/main"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file);
        if (text.contains("@ConfigMapping")
            || text.contains("@ConfigProperty")
            || text.contains("default LinkOptions applyTo")) {
          sources.add(file);
        }
      }
    }
    return sources;
  }

  private void read(String module, List<Path> sources) throws IOException {
    if (sources.isEmpty()) {
      return;
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Reading(module, docs).scan(unit, null);
      }
    }
  }

  private final class Reading extends TreePathScanner<Void, Void> {
    private final String module;
    private final DocTrees docs;

    private Reading(String module, DocTrees docs) {
      this.module = module;
      this.docs = docs;
    }

    @Override
    public Void visitClass(ClassTree tree, Void nothing) {
      if (tree.getKind() == Tree.Kind.INTERFACE) {
        Map<MethodTree, String> javadoc = new HashMap<>();
        for (Tree member : tree.getMembers()) {
          if (member instanceof MethodTree method) {
            javadoc.put(method, text(docs.getDocComment(new TreePath(getCurrentPath(), method))));
          }
        }
        String name = tree.getSimpleName().toString();
        interfaces.put(qualified(getCurrentPath(), name), new Interface(tree, javadoc));
        argument(tree.getModifiers().getAnnotations(), "ConfigMapping", "prefix")
            .ifPresent(prefix ->
                mappings
                    .computeIfAbsent(module, m -> new ArrayList<>())
                    .add(new Mapping(prefix, name)));
      }
      return super.visitClass(tree, null);
    }

    @Override
    public Void visitVariable(VariableTree tree, Void nothing) {
      List<? extends AnnotationTree> annotations = tree.getModifiers().getAnnotations();
      argument(annotations, "ConfigProperty", "name")
          .filter(name -> name.startsWith("dome."))
          .ifPresent(name ->
              single
                  .computeIfAbsent(module, m -> new ArrayList<>())
                  .add(
                      new Option(
                          name,
                          word(tree.getType().toString()),
                          argument(annotations, "ConfigProperty", "defaultValue"),
                          "")));
      return super.visitVariable(tree, null);
    }
  }

  /** Nested interfaces of several mappings have the same name, so the outer one's stands first. */
  private static String qualified(TreePath path, String name) {
    return path.getParentPath().getLeaf() instanceof ClassTree outer
        ? outer.getSimpleName() + "." + name
        : name;
  }

  private static Optional<String> argument(
      List<? extends AnnotationTree> annotations, String annotation, String argument) {
    return annotations.stream()
        .filter(found -> found.getAnnotationType().toString().equals(annotation))
        .flatMap(found -> found.getArguments().stream())
        .flatMap(given -> literal(given, argument).stream())
        .findFirst();
  }

  private static Optional<String> literal(ExpressionTree given, String argument) {
    return switch (given) {
      case AssignmentTree named when named.getVariable().toString().equals(argument) ->
          literal(named.getExpression(), "value");
      case LiteralTree only when argument.equals("value") ->
          Optional.of(only.getValue().toString());
      default -> Optional.empty();
    };
  }

  private static String text(String javadoc) {
    if (javadoc == null) {
      return "";
    }
    String paragraph = javadoc.strip().split("\\n\\s*\\n|\\n\\s*@|<p>", 2)[0];
    return INLINE_TAG
        .matcher(paragraph.replaceAll("\\s+", " "))
        .replaceAll(tag -> Matcher.quoteReplacement("`" + named(tag.group(1)) + "`"));
  }

  /** A method stands for the option that it reads. */
  private static String named(String code) {
    return code.endsWith("()") ? kebab(code.substring(0, code.length() - 2)) : code;
  }

  /** Every option of a module's mappings, in the order of the sources. */
  List<Option> options(String module) {
    List<Option> options = new ArrayList<>();
    for (Mapping mapping : mappings.getOrDefault(module, List.of())) {
      collect(mapping.prefix(), mapping.name(), mapping.name(), options);
    }
    options.addAll(single.getOrDefault(module, List.of()));
    return options;
  }

  private void collect(String prefix, String outermost, String name, List<Option> options) {
    Interface type = interfaces.get(name);
    for (Tree extended : type.tree().getImplementsClause()) {
      collect(prefix, outermost, extended.toString(), options);
    }
    for (Tree member : type.tree().getMembers()) {
      if (member instanceof MethodTree method && method.getBody() == null) {
        collect(prefix, outermost, method, type.javadoc().get(method), options);
      }
    }
  }

  private void collect(
      String prefix, String outermost, MethodTree method, String meaning, List<Option> options) {
    String property = prefix + "." + kebab(method.getName().toString());
    String type = method.getReturnType().toString();
    Matcher generic = GENERIC.matcher(type);
    String of = generic.matches() ? generic.group("of") : type;
    String nested = outermost + "." + of;
    if (interfaces.containsKey(nested)) {
      boolean isMap = generic.matches() && generic.group("raw").equals("Map");
      collect(isMap ? property + ".<name>" : property, outermost, nested, options);
      return;
    }
    options.add(
        new Option(
            property,
            word(of),
            argument(method.getModifiers().getAnnotations(), "WithDefault", "value"),
            meaning));
  }

  private static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(java.util.Locale.ROOT);
  }

  private static String word(String javaType) {
    return switch (javaType) {
      case "String" -> "text";
      case "int", "long" -> "integer";
      case "double" -> "number";
      case "boolean" -> "true or false";
      case "Duration" -> "duration";
      case "Path" -> "file";
      case "List<Path>" -> "files, separated by commas";
      case "URI" -> "URL";
      default -> throw new IllegalStateException("the reference has no word for " + javaType);
    };
  }
}
