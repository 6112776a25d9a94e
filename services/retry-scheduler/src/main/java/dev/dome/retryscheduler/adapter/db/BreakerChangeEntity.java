package dev.dome.retryscheduler.adapter.db;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.kernel.BreakerCause;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.BreakerSteering;
import dev.dome.retryscheduler.application.BreakerChange;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of the record of changes, which is the outbox too. */
@Entity(name = "BreakerChange")
@Table(name = "breaker_change")
class BreakerChangeEntity {
  /** Breaker id, at, version. */
  @Id
  @Column(name = "change_id")
  String changeId;

  @Column(name = "breaker_id", nullable = false)
  String breakerId;

  @Column(nullable = false)
  String namespace;

  @Column(name = "key", nullable = false)
  String breakerKey;

  @Column(nullable = false)
  long version;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false)
  BreakerPhase phase;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false)
  BreakerCause cause;

  @Column(name = "since_ms", nullable = false)
  long sinceMs;

  @Column(name = "until_ms")
  Long untilMs;

  Integer probes;

  @Column(name = "policy_version", nullable = false)
  String policyVersion;

  /** JSON of the last word of an operator, or null. */
  String steering;

  @Column(name = "published_at_ms")
  Long publishedAtMs;

  BreakerChangeEntity() {}

  static BreakerChangeEntity of(BreakerChange change) {
    BreakerSnapshot breaker = change.breaker();
    BreakerChangeEntity entity = new BreakerChangeEntity();
    entity.changeId = id(change);
    entity.breakerId = BreakerEntity.id(change.namespace(), breaker.key());
    entity.namespace = change.namespace().value();
    entity.breakerKey = breaker.key().value();
    entity.version = breaker.version();
    entity.phase = breaker.phase();
    entity.cause = change.cause();
    entity.sinceMs = breaker.sinceMs();
    entity.untilMs = breaker.untilMs();
    entity.probes = breaker.probes();
    entity.policyVersion = change.policyVersion();
    entity.steering = BreakerEntity.text(change.steering());
    return entity;
  }

  /** Whether some lane was told of it before this record of it was made. */
  boolean toldBefore() {
    return cause == BreakerCause.TOLD_BEFORE;
  }

  /** It is part of the record, and nobody has to be told: a later change follows at once. */
  void skip() {
    publishedAtMs = sinceMs;
  }

  static String id(BreakerChange change) {
    return BreakerEntity.id(change.namespace(), change.breaker().key())
        + "@"
        + change.breaker().version();
  }

  BreakerChange change() {
    BreakerSteering word = BreakerEntity.steering(steering);
    return new BreakerChange(
        new NamespaceId(namespace),
        new BreakerSnapshot(
            new BreakerKey(breakerKey),
            version,
            phase,
            sinceMs,
            untilMs,
            probes,
            word == null ? null : word.withoutComment()),
        cause,
        policyVersion,
        word);
  }
}
