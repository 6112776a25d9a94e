package dev.dome.telemetry;

import io.opentelemetry.api.common.AttributeKey;

/** Names of span attributes that backends and dashboards rely on; never of values from payloads. */
public final class Fields {
  public static final AttributeKey<String> RUN_ID = AttributeKey.stringKey("run.id");
  public static final AttributeKey<String> TASK_ID = AttributeKey.stringKey("task.id");
  public static final AttributeKey<String> TASK_STATUS = AttributeKey.stringKey("task.status");
  public static final AttributeKey<Long> TASK_ATTEMPTS = AttributeKey.longKey("task.attempts");
  public static final AttributeKey<String> TASK_REASON_CODE =
      AttributeKey.stringKey("task.reason_code");
  public static final AttributeKey<String> TASK_WORKER_MODEL =
      AttributeKey.stringKey("task.worker_model");
  public static final AttributeKey<Long> TASK_DURATION_MS =
      AttributeKey.longKey("task.duration_ms");
  public static final AttributeKey<String> POLICY_REASON_CODE =
      AttributeKey.stringKey("policy_reason_code");
  public static final AttributeKey<String> DECISION = AttributeKey.stringKey("dome.decision");
  public static final AttributeKey<Long> LANE = AttributeKey.longKey("dome.lane");
  public static final AttributeKey<Long> ROWS = AttributeKey.longKey("dome.journal_rows");
  public static final AttributeKey<Long> INPUTS = AttributeKey.longKey("dome.inputs");

  /** OpenTelemetry semantic conventions of messaging and databases. */
  public static final AttributeKey<String> MESSAGING_SYSTEM =
      AttributeKey.stringKey("messaging.system");

  public static final AttributeKey<String> MESSAGING_DESTINATION =
      AttributeKey.stringKey("messaging.destination.name");
  public static final AttributeKey<String> DB_SYSTEM = AttributeKey.stringKey("db.system.name");

  private Fields() {}
}
