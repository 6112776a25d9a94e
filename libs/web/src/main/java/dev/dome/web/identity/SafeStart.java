package dev.dome.web.identity;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Ends the start of a service whose configuration is unsafe, or names a variable that no setting
 * has, before it connects to anything.
 */
@Singleton
final class SafeStart {
  private static final Logger LOG = Logger.getLogger(SafeStart.class);

  private final Config config;
  private final SafetyConfig safety;

  SafeStart(Config config, SafetyConfig safety) {
    this.config = config;
    this.safety = safety;
  }

  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    Set<String> unknown = KnownVariables.unknown(System.getenv().keySet());
    if (!unknown.isEmpty()) {
      throw new IllegalStateException(
          "unknown settings, not started: no setting has the variable "
              + String.join(", ", unknown)
              + ". doc/operations/configuration.md names them all.");
    }
    Set<UnsafeSettings.Risk> accepted =
        UnsafeSettings.accepted(
            safety
                .accept()
                .map(names -> List.of(names.strip().split("\\s*,\\s*", -1)))
                .orElse(List.of()));
    if (!accepted.isEmpty()) {
      LOG.warnf("unsafe settings accepted risks=%s", accepted);
    }
    List<UnsafeSettings.Finding> findings = UnsafeSettings.in(settings(), accepted);
    if (!findings.isEmpty()) {
      throw new IllegalStateException(
          "unsafe configuration, not started: "
              + findings.stream().map(Object::toString).collect(Collectors.joining("; "))
              + ". Change these, or name the risks in DOME_SAFETY_ACCEPT.");
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    for (String name : config.getPropertyNames()) {
      if (name.startsWith("dome.")) {
        read(name, settings);
      }
    }
    UnsafeSettings.OF_QUARKUS.forEach(name -> read(name, settings));
    return settings;
  }

  private void read(String name, Map<String, String> settings) {
    config.getOptionalValue(name, String.class).ifPresent(value -> settings.put(name, value));
  }
}
