package dev.dome.provenance.adapter.db;

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

  Manifest manifest() {
    return new Manifest(sha256, new String(body, StandardCharsets.UTF_8), runGate);
  }
}
