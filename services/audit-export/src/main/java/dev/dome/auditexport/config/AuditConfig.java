package dev.dome.auditexport.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * What audit-export can be told besides where the journal comes from. The environment's names are
 * in application.properties.
 */
@ConfigMapping(prefix = "dome.audit-export")
public interface AuditConfig {

  /** Bytes DOME_ACCESS holds before its oldest messages go; the same in ingest. */
  @WithDefault("268435456")
  long accessMaxBytes();

  Purging purging();

  /** How what has expired is removed; nothing expires unless a retention class has days. */
  interface Purging {
    /** Whether it is done by itself; otherwise {@code ./dome admin purge} does it. */
    @WithDefault("true")
    boolean enabled();

    /** Between two looks at what has expired. */
    @WithDefault("1h")
    Duration every();

    /** After a look or a purge that failed. */
    @WithDefault("1m")
    Duration retry();

    /** One purge at most. */
    @WithDefault("30m")
    Duration timeout();
  }
}
