package dev.dome.web;

import io.quarkus.arc.Arc;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which methods the resources of this service have on a path: the framework knows that there are
 * some, and says neither which for the Allow header of a 405 nor, before it has read a body, whose.
 */
final class ResourceMethods {
  private static volatile List<ResourceMethod> known;

  private ResourceMethods() {}

  private record ResourceMethod(Pattern path, String method, Method java) {}

  /** Sorted; empty when no resource has the path. */
  static SortedSet<String> on(String path) {
    SortedSet<String> methods = new TreeSet<>();
    for (ResourceMethod resource : known()) {
      if (resource.path().matcher(path).matches()) {
        methods.add(resource.method());
        if (resource.method().equals(HttpMethod.GET)) {
          methods.add(HttpMethod.HEAD);
        }
      }
    }
    return methods;
  }

  /** Those that take such a request; more than one where templates overlap. */
  static List<Method> taking(String method, String path) {
    return known().stream()
        .filter(resource -> resource.method().equals(method))
        .filter(resource -> resource.path().matcher(path).matches())
        .map(ResourceMethod::java)
        .toList();
  }

  private static List<ResourceMethod> known() {
    List<ResourceMethod> found = known;
    if (found == null) {
      found = new ArrayList<>();
      for (Bean<?> bean :
          Arc.container().beanManager().getBeans(Object.class, Any.Literal.INSTANCE)) {
        addMethods(bean.getBeanClass(), found);
      }
      known = List.copyOf(found);
    }
    return found;
  }

  private static void addMethods(Class<?> resource, List<ResourceMethod> found) {
    Path root = resource.getAnnotation(Path.class);
    if (root == null) {
      return;
    }
    for (Method method : resource.getMethods()) {
      Path more = method.getAnnotation(Path.class);
      for (Annotation annotation : method.getAnnotations()) {
        HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
        if (http != null) {
          String template = template(root.value()) + (more == null ? "" : template(more.value()));
          found.add(new ResourceMethod(pattern(template), http.value(), method));
        }
      }
    }
  }

  /** With a slash in front and none behind. */
  private static String template(String path) {
    String stripped = path.replaceAll("^/+|/+$", "");
    return stripped.isEmpty() ? "" : "/" + stripped;
  }

  private static Pattern pattern(String template) {
    return Pattern.compile(template.replaceAll("\\{[^}]+}", "[^/]+") + "/?");
  }
}
