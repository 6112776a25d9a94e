package dev.dome.retryscheduler.adapter.db;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.kernel.Breaker;
import dev.dome.kernel.BreakerCause;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSteering;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A breaker row. */
@Entity(name = "Breaker")
@Table(name = "breaker")
class BreakerEntity {
  private static final TypeReference<List<Breaker.Slice>> SLICES = new TypeReference<>() {};

  /** Namespace, slash, key: a namespace has no slash. */
  @Id
  @Column(name = "breaker_id")
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

  @Column(nullable = false)
  int passed;

  @Column(name = "observed_at_ms", nullable = false)
  long observedAtMs;

  @Column(name = "slices", nullable = false)
  String slices;

  /** JSON of the last word of an operator, or null. */
  String steering;

  /** The newest change that every lane was told of twice. */
  @Column(name = "told_again_version", nullable = false)
  long toldAgainVersion;

  /** Whether this transaction changed it in a way that runs must know. */
  @Transient boolean changed;

  BreakerEntity() {}

  static String id(NamespaceId namespace, BreakerKey key) {
    return namespace + "/" + key;
  }

  NamespaceId owner() {
    return new NamespaceId(namespace);
  }

  Breaker breaker() {
    return new Breaker(
        new BreakerKey(breakerKey),
        version,
        phase,
        cause,
        sinceMs,
        untilMs,
        passed,
        observedAtMs,
        read(slices),
        steering(steering));
  }

  void become(Breaker breaker) {
    version = breaker.version();
    phase = breaker.phase();
    cause = breaker.cause();
    sinceMs = breaker.sinceMs();
    untilMs = breaker.untilMs();
    passed = breaker.passed();
    observedAtMs = breaker.observedAtMs();
    slices = new String(Json.write(breaker.window()), StandardCharsets.UTF_8);
    steering = text(breaker.steering());
  }

  static BreakerSteering steering(String json) {
    return json == null
        ? null
        : Json.read(json.getBytes(StandardCharsets.UTF_8), BreakerSteering.class);
  }

  static String text(BreakerSteering steering) {
    return steering == null ? null : new String(Json.write(steering), StandardCharsets.UTF_8);
  }

  private static List<Breaker.Slice> read(String json) {
    try {
      return Json.mapper().readValue(json, SLICES);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("expected the slices of a breaker's window", e);
    }
  }
}
