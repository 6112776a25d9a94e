package dev.dome.provenance.config;

import dev.dome.provenance.application.Bundles;
import dev.dome.provenance.application.PurgeLoop;
import dev.dome.provenance.application.PurgeObserver;
import dev.dome.provenance.application.PurgeSource;
import dev.dome.provenance.application.PurgeStore;
import dev.dome.provenance.application.SealLoop;
import dev.dome.provenance.application.SealObserver;
import dev.dome.provenance.application.SealStore;
import dev.dome.transparency.CheckpointSigner;
import dev.dome.transparency.FileLogStore;
import dev.dome.transparency.KeyFile;
import dev.dome.transparency.StatementSigner;
import dev.dome.transparency.TrustedRoot;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads the keys and puts together what signs and logs. */
@Singleton
final class SealWiring {
  private final ProvenanceConfig config;
  private final List<StatementSigner> signers;
  private final List<CheckpointSigner> logSigners;
  private final Optional<FileLogStore> copy;

  /** Fails where a key is missing: a service that cannot sign is not to look as if it could. */
  SealWiring(ProvenanceConfig config) {
    this.config = config;
    this.signers =
        config.keys().statementFiles().stream()
            .map(file -> new StatementSigner(pair(file)))
            .toList();
    this.logSigners =
        config.keys().logFiles().stream()
            .map(file -> new CheckpointSigner(config.log().origin(), pair(file)))
            .toList();
    this.copy = config.log().directory().map(FileLogStore::in);
  }

  private KeyFile pair(Path file) {
    try {
      return KeyFile.load(file, config.keys().passwordFile());
    } catch (IOException e) {
      throw new UncheckedIOException("the key file " + file + " cannot be read", e);
    }
  }

  void start(@Observes StartupEvent event, SealLoop loop, PurgeLoop purges) {
    loop.start();
    purges.start();
  }

  void stop(@Observes ShutdownEvent event, SealLoop loop, PurgeLoop purges) throws IOException {
    purges.close();
    loop.close();
    if (copy.isPresent()) {
      copy.get().close();
    }
  }

  @Produces
  @Singleton
  TrustedRoot trustedRoot() {
    return new TrustedRoot(
        logSigners.stream().map(CheckpointSigner::key).toList(),
        signers.stream().map(StatementSigner::key).toList());
  }

  @Produces
  @Singleton
  Bundles bundles(SealStore store, TrustedRoot trusted) {
    return new Bundles(store, trusted);
  }

  @Produces
  @Singleton
  SealLoop sealing(SealStore store, SealObserver observer, Clock clock) {
    ProvenanceConfig.Log log = config.log();
    return new SealLoop(
        store,
        copy,
        signers.getFirst(),
        logSigners,
        observer,
        clock,
        new SealLoop.Settings(
            log.origin(),
            UUID.randomUUID().toString(),
            log.sweep().toMillis(),
            log.batch(),
            log.term().toMillis()));
  }

  @Produces
  @Singleton
  PurgeLoop purges(PurgeSource source, PurgeStore store, PurgeObserver observer, Clock clock) {
    return new PurgeLoop(source, store, clock, observer, config.auditExport().sweep().toMillis());
  }
}
