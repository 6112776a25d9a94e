package dev.dome.web.identity;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** What an operator answers for. */
@ConfigMapping(prefix = "dome.safety")
public interface SafetyConfig {
  /**
   * Risks that this installation takes, separated by commas: `plain-nats`, `anonymous-nats`,
   * `plain-postgres`, `local-issuer`, `local-keys`. Without it such a service does not start.
   */
  Optional<String> accept();
}
