package dev.dome.ingest.config;

import dev.dome.contracts.SchemaCatalog;
import dev.dome.ingest.adapter.evidence.FileEvidenceStore;
import dev.dome.ingest.adapter.evidence.S3EvidenceStore;
import dev.dome.ingest.adapter.metrics.MicrometerAcceptance;
import dev.dome.ingest.adapter.nats.NatsGateway;
import dev.dome.ingest.adapter.profiles.ProfileFiles;
import dev.dome.ingest.application.Acceptance;
import dev.dome.ingest.application.Admission;
import dev.dome.ingest.application.BulkRedrives;
import dev.dome.ingest.application.Claims;
import dev.dome.ingest.application.DeadLetters;
import dev.dome.ingest.application.EvidenceStore;
import dev.dome.ingest.application.EvidenceUploads;
import dev.dome.ingest.application.Gathered;
import dev.dome.ingest.application.NamedEvidence;
import dev.dome.ingest.application.OperationIds;
import dev.dome.ingest.application.Profiles;
import dev.dome.ingest.application.Redrives;
import dev.dome.ingest.application.StreamRebuild;
import dev.dome.ingest.application.Writes;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.ServerGuard;
import dev.dome.messaging.StreamsConfig;
import dev.dome.security.Hmac;
import dev.dome.security.PatternRedactor;
import dev.dome.security.Redactor;
import dev.dome.telemetry.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;

/** Puts adapters behind the application's ports. */
@Singleton
final class Wiring {
  private final IngestConfig config;

  Wiring(IngestConfig config) {
    this.config = config;
  }

  /**
   * Asking for the writes and uploads makes what they need now, so that a missing key file, a
   * directory that cannot be written or a profile that does not fit ends the start.
   */
  void start(
      @Observes StartupEvent event,
      NatsGateway gateway,
      Writes writes,
      EvidenceUploads uploads,
      Profiles profiles) {
    gateway.start();
  }

  @Produces
  @Singleton
  NatsGateway gateway(Tracing tracing) {
    String processId = config.replicaId().orElseGet(() -> UUID.randomUUID().toString());
    return new NatsGateway(
        config.nats().applyTo(LinkOptions.of(config.nats().url(), "dome-ingest")),
        new StreamsConfig(
            config.nats().inboxMaxBytes(),
            config.nats().journalMaxBytes(),
            config.nats().replicas()),
        config.nats().accessMaxBytes(),
        processId,
        config.nats().requestWait(),
        tracing);
  }

  void close(@Disposes NatsGateway gateway) {
    gateway.close();
  }

  @Produces
  @Singleton
  ServerGuard serverGuard() {
    return new ServerGuard(config.nats().monitorUrl());
  }

  @Produces
  @Singleton
  Hmac hmac() {
    try {
      return Hmac.load(config.hmacKeyFile());
    } catch (IOException e) {
      throw new UncheckedIOException("the idempotency key file cannot be read", e);
    }
  }

  @Produces
  @Singleton
  SchemaCatalog schemas() {
    return SchemaCatalog.standard();
  }

  @Produces
  @Singleton
  Profiles profiles(SchemaCatalog schemas) {
    try {
      return config.profilesRoot().isPresent()
          ? ProfileFiles.in(config.profilesRoot().get(), schemas)
          : new Profiles(Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException("profiles: " + e.getMessage(), e);
    }
  }

  @Produces
  @Singleton
  Redactor redactor() {
    return PatternRedactor.standard();
  }

  @Produces
  @Singleton
  InstantSource clock() {
    return InstantSource.system();
  }

  @Produces
  @Singleton
  Claims claims(NatsGateway gateway) {
    return new Claims(gateway, config.limits().parkedClaims());
  }

  @Produces
  @Singleton
  EvidenceStore evidenceStore() {
    IngestConfig.Evidence evidence = config.evidence();
    try {
      return evidence.s3().bucket().isPresent()
          ? S3EvidenceStore.in(bucket(evidence.s3()), credentials(evidence.s3()), evidence.root())
          : FileEvidenceStore.in(evidence.root());
    } catch (IOException e) {
      throw new UncheckedIOException("the evidence root cannot be written", e);
    }
  }

  private static S3EvidenceStore.Bucket bucket(IngestConfig.S3 s3) {
    return new S3EvidenceStore.Bucket(
        s3.bucket().orElseThrow(), s3.prefix(), s3.region(), s3.endpoint());
  }

  private static AwsCredentialsProvider credentials(IngestConfig.S3 s3) {
    return s3.credentialsFile()
        .<AwsCredentialsProvider>map(Wiring::ofFile)
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }

  private static AwsCredentialsProvider ofFile(Path file) {
    ProfileFile profiles =
        ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build();
    return ProfileCredentialsProvider.builder().profileFile(profiles).build();
  }

  void close(@Disposes EvidenceStore store) throws IOException {
    store.close();
  }

  @Produces
  @Singleton
  EvidenceUploads uploads(EvidenceStore store, Redactor redactor, InstantSource clock) {
    return new EvidenceUploads(store, redactor, clock, config.evidence().maxBytes());
  }

  @Produces
  @Singleton
  NamedEvidence namedEvidence(EvidenceStore store) {
    return new NamedEvidence(
        store, task -> Thread.ofVirtual().start(task), config.evidence().perResult());
  }

  @Produces
  @Singleton
  Admission admission() {
    IngestConfig.Admission bounds = config.admission();
    return new Admission(new Admission.Bounds(bounds.least(), bounds.most(), bounds.target()));
  }

  @Produces
  @Singleton
  MicrometerAcceptance meter(MeterRegistry registry, Claims claims, Admission admission) {
    MicrometerAcceptance meter = new MicrometerAcceptance(registry);
    meter.watch(claims);
    meter.watch(admission);
    return meter;
  }

  @Produces
  @Singleton
  Redrives redrives(DeadLetters deadLetters, Writes writes) {
    return new Redrives(deadLetters, writes);
  }

  @Produces
  @Singleton
  BulkRedrives bulkRedrives(DeadLetters deadLetters, Redrives redrives) {
    return new BulkRedrives(deadLetters, redrives);
  }

  @Produces
  @Singleton
  StreamRebuild streamRebuild(NatsGateway gateway, Writes writes) {
    return new StreamRebuild(gateway, writes, config.laneCount());
  }

  @Produces
  @Singleton
  OperationIds operationIds(InstantSource clock) {
    return new OperationIds(clock);
  }

  @Produces
  @Singleton
  Writes writes(
      NatsGateway gateway,
      MicrometerAcceptance meter,
      Hmac hmac,
      OperationIds operationIds,
      InstantSource clock,
      Admission admission) {
    Acceptance acceptance =
        new Acceptance(gateway, gateway, config.outcomeWait(), meter, admission);
    return new Writes(acceptance, gateway, hmac, operationIds, clock, config.laneCount());
  }

  @Produces
  @Singleton
  @Gathered
  Writes gatheredWrites(
      NatsGateway gateway,
      MicrometerAcceptance meter,
      Hmac hmac,
      OperationIds operationIds,
      InstantSource clock,
      Admission admission) {
    Acceptance acceptance =
        new Acceptance(gateway.gathering(), gateway, config.outcomeWait(), meter, admission);
    return new Writes(acceptance, gateway, hmac, operationIds, clock, config.laneCount());
  }
}
