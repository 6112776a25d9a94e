package dev.dome.auditexport.adapter.nats;

import dev.dome.auditexport.application.AccessRecords;
import dev.dome.auditexport.config.AuditConfig;
import dev.dome.journal.config.JournalConfig;
import dev.dome.messaging.AccessReader;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.ReaderState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/** Reads DOME_ACCESS into the log for as long as the process lives. */
@Readiness
@ApplicationScoped
public class AccessIntake implements HealthCheck {
  private static final Logger LOG = Logger.getLogger(AccessIntake.class);

  private final NatsLink link;
  private final AccessRecords records;
  private final JournalConfig journal;
  private final AuditConfig config;
  private final Counter missed;
  private volatile AccessReader reader;

  @Inject
  AccessIntake(
      NatsLink link,
      AccessRecords records,
      JournalConfig journal,
      AuditConfig config,
      MeterRegistry registry) {
    this.link = link;
    this.records = records;
    this.journal = journal;
    this.config = config;
    this.missed =
        Counter.builder("dome.audit.access.missed")
            .description("Messages of DOME_ACCESS that were dropped before they were recorded")
            .register(registry);
    Gauge.builder("dome.audit.access.pending", this, AccessIntake::pending)
        .description("Access decisions that are not recorded yet")
        .register(registry);
  }

  void start(@Observes StartupEvent event) {
    link.onceOpen(
        () -> link.streams().ensureAccess(config.accessMaxBytes(), journal.nats().replicas()));
    reader =
        AccessReader.read(
            link,
            journal.service(),
            () -> records.position().subscribeAsCompletionStage(),
            batch -> records.apply(batch).subscribeAsCompletionStage(),
            this::missed);
  }

  void stop(@Observes ShutdownEvent event) {
    if (reader != null) {
      reader.close();
    }
  }

  private void missed(long messages) {
    missed.increment((double) messages);
    LOG.errorf("access decisions were dropped before they were recorded messages=%d", messages);
  }

  private double pending() {
    return reader == null ? Double.NaN : (double) reader.pending();
  }

  @Override
  public HealthCheckResponse call() {
    ReaderState state = reader == null ? new ReaderState.Opening() : reader.state();
    return HealthCheckResponse.named("access-intake")
        .status(state instanceof ReaderState.Reading)
        .withData("state", state.toString())
        .build();
  }
}
