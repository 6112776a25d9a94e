package dev.dome.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shipped secure_defaults say is what the code does. */
class SecureDefaultsTest {
  private final SecureDefaults defaults = SecureDefaults.standard();

  @Test
  void absolutePathsAndParentsAreRefusedAsTheyAsk(@TempDir Path root) {
    PathGuard guard = new PathGuard(root);

    assertThat(defaults.rejectAbsolutePaths()).isTrue();
    assertThat(guard.resolve("/etc/passwd")).isInstanceOf(PathGuard.Result.Refused.class);
    assertThat(defaults.rejectParentTraversal()).isTrue();
    assertThat(guard.resolve("a/../../b")).isInstanceOf(PathGuard.Result.Refused.class);
    assertThat(guard.resolve("a/b")).isInstanceOf(PathGuard.Result.Inside.class);
  }

  @Test
  void everySensitiveKeyIsRedacted() {
    var document = Json.mapper().createObjectNode();
    for (String key : defaults.redaction().sensitiveKeyTokens()) {
      document.put(key, "Xk29-qq-81-zz");
    }

    assertThat(document.isEmpty()).isFalse();
    assertThat(PatternRedactor.standard().redact(document).tree().toString())
        .doesNotContain("Xk29-qq-81-zz");
  }
}
