package dev.dome.web;

import dev.dome.security.Operation;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which operation a resource method is, for the one access table of dome. The namespace is the path
 * parameter {@link #NAMESPACE_PARAMETER}; a resource outside any namespace names the one whose
 * roles count, or asks for a valid token only.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Authorized {
  String NAMESPACE_PARAMETER = "ns";

  /** Roles that reach across all namespaces are held in this one, which holds no runs. */
  String SYSTEM_NAMESPACE = "dome-system";

  Operation value();

  /** Where the roles are held when the path names no namespace. */
  String namespace() default "";
}
