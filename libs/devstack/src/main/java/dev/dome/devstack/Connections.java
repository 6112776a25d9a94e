package dev.dome.devstack;

import dev.dome.migrations.ServiceSchema;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where one installation's servers are and how its services prove who they are.
 *
 * @param natsMonitorUrl base address of the server's HTTP monitoring
 * @param postgresUrl {@code postgresql://host:port/database}
 */
public record Connections(
    String natsUrl,
    String natsMonitorUrl,
    String postgresUrl,
    Map<ServiceSchema, String> passwords,
    DevKeys keys) {

  /** What the service is configured with, beyond its own port and replica id. */
  public Map<String, String> environmentOf(DomeService service) {
    var environment = new TreeMap<String, String>();
    environment.put("DOME_NATS_URL", natsUrl);
    environment.put("DOME_NATS_MONITOR_URL", natsMonitorUrl);
    environment.put("DOME_JWT_PUBLIC_KEY_LOCATION", keys.publicKeyFile().toUri().toString());
    environment.put("DOME_HMAC_KEY_FILE", keys.hmacKeyFile().toString());
    environment.put("DOME_WEBHOOK_KEY_FILE", keys.webhookKeyFile().toString());
    environment.put("DOME_STATEMENT_KEY_FILES", keys.statementKeyFile().toString());
    environment.put("DOME_LOG_KEY_FILES", keys.logKeyFile().toString());
    environment.put(
        "DOME_LOG_DIRECTORY", keys.logKeyFile().resolveSibling("../log").normalize().toString());
    // Receivers on this machine are what a local installation has.
    environment.put("DOME_WEBHOOK_TRUSTED_HOSTS", "127.0.0.1");
    environment.put(
        "DOME_EVIDENCE_ROOT",
        keys.hmacKeyFile().resolveSibling("../evidence").normalize().toString());
    service
        .schema()
        .ifPresent(schema -> {
          environment.put("DOME_PG_URL", postgresUrl);
          environment.put("DOME_PG_USER", schema.role());
          environment.put("DOME_PG_PASSWORD", passwords.get(schema));
        });
    return environment;
  }
}
