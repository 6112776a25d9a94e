package dev.dome.provenance.adapter.db;

import dev.dome.contracts.id.RunUid;
import dev.dome.verification.Manifest;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;

/** A row of {@code manifest}. */
@Entity(name = "Manifest")
@Table(name = "manifest")
class ManifestEntity {
  @Id
  @Column(name = "run_uid")
  String runUid;

  @Column(nullable = false)
  String sha256;

  @Column(nullable = false)
  byte[] body;

  @Column(name = "run_gate")
  String runGate;

  @Column(name = "stored_at_ms", nullable = false)
  long storedAtMs;

  ManifestEntity() {}

  static ManifestEntity of(RunUid runUid, Manifest manifest, long storedAtMs) {
    ManifestEntity entity = new ManifestEntity();
    entity.runUid = runUid.value();
    entity.sha256 = manifest.sha256();
    entity.body = manifest.bytes();
    entity.runGate = manifest.runGate();
    entity.storedAtMs = storedAtMs;
    return entity;
  }

  Manifest manifest() {
    return new Manifest(sha256, new String(body, StandardCharsets.UTF_8), runGate);
  }
}
