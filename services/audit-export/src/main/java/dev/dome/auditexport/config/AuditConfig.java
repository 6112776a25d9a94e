package dev.dome.auditexport.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * What audit-export can be told besides where the journal comes from. The environment's names are
 * in application.properties.
 */
@ConfigMapping(prefix = "dome.audit-export")
public interface AuditConfig {

  /** Bytes DOME_ACCESS holds before its oldest messages go; the same in ingest. */
  @WithDefault("268435456")
  long accessMaxBytes();
}
