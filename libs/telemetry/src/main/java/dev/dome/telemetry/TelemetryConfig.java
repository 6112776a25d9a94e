package dev.dome.telemetry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/**
 * Whether and how much is traced; the environment's names are in microprofile-config.properties.
 */
@ConfigMapping(prefix = "dome.telemetry")
public interface TelemetryConfig {

  /** Where spans go by OTLP; without it no trace is sampled. */
  Optional<String> otlpEndpoint();

  /** The share of traces that are exported, 0 to 1; must be the same in every service. */
  @WithDefault("1.0")
  double traceRatio();
}
