package dev.dome.contracts;

import java.util.List;

/** The schemas under ssot/schemas, by name; a test keeps this list equal to the directory. */
public final class SchemaNames {
  public static final String DEFINITIONS = "definitions";
  public static final String PRE_CONTRACT = "demo.pre_contract";
  public static final String WORK_QUEUE = "work.queue";
  public static final String TASK_RESULT = "task.result";
  public static final String EVENT_ENVELOPE = "event.envelope";
  public static final String CONTROL_EVENT = "control.event";
  public static final String GATE_DECISION = "gate.decision";
  public static final String PROMOTION_DECISION = "promotion.decision";
  public static final String RUN_MANIFEST = "run.manifest";
  public static final String STATE_SPACE = "state.space";
  public static final String EVIDENCE_BUNDLE_TELEMETRY = "evidence.bundle.telemetry";
  public static final String EVIDENCE_CAPSULE = "evidence.capsule";
  public static final String REASON_CODES = "reason.codes";
  public static final String RUNTIME_CONFIG = "runtime.config";
  public static final String SECURE_DEFAULTS = "orchestrator.secure_defaults";
  public static final String SPAWN_SPEC = "spawn.spec";
  public static final String RUNTIME_POLICIES = "runtime.policies";
  public static final String STATE_TRANSITIONS = "state.transitions";

  /** Body of a claim: claim_id, worker_id, deployment_version, max_tasks, wait_seconds. */
  public static final String CLAIM_REQUEST = "claim.request";

  /** Body of a heartbeat: fence, progress. */
  public static final String HEARTBEAT_REQUEST = "heartbeat.request";

  /** Body of a result: fence, the fields of task.result, claim_next. */
  public static final String RESULT_REQUEST = "result.request";

  /** Body of many results at once: results, each with its attempt_id. */
  public static final String RESULTS_REQUEST = "results.request";

  /** A result as an event envelope of the topic task.result.raw. */
  public static final String RESULT_EVENT = "result.event";

  /** A result as a structured CloudEvent. */
  public static final String RESULT_CLOUDEVENT = "result.cloudevent";

  /** Body of a release: fence, reason_code. */
  public static final String RELEASE_REQUEST = "release.request";

  /** Body of cancel, pause and resume: reason_code, comment. */
  public static final String OPERATOR_REQUEST = "operator.request";

  /** Body of an approval: decision, reason_code, comment, gate_digest. */
  public static final String APPROVAL_REQUEST = "approval.request";

  /** Body of a redrive: reason_code, comment. */
  public static final String REDRIVE_REQUEST = "redrive.request";

  /** Body of a redrive of many: filter, dry_run, reason_code, comment. */
  public static final String REDRIVE_BULK_REQUEST = "redrive.bulk.request";

  /** Body of a rebuild of the streams: after, lanes. */
  public static final String STREAMS_REBUILD_REQUEST = "streams.rebuild.request";

  /** Body of a new webhook: url, topics, secret. */
  public static final String WEBHOOK_REQUEST = "webhook.request";

  public static final List<String> ALL =
      List.of(
          DEFINITIONS,
          PRE_CONTRACT,
          WORK_QUEUE,
          TASK_RESULT,
          EVENT_ENVELOPE,
          CONTROL_EVENT,
          GATE_DECISION,
          PROMOTION_DECISION,
          RUN_MANIFEST,
          STATE_SPACE,
          EVIDENCE_BUNDLE_TELEMETRY,
          EVIDENCE_CAPSULE,
          REASON_CODES,
          RUNTIME_CONFIG,
          SECURE_DEFAULTS,
          SPAWN_SPEC,
          RUNTIME_POLICIES,
          STATE_TRANSITIONS,
          CLAIM_REQUEST,
          HEARTBEAT_REQUEST,
          RESULT_REQUEST,
          RESULTS_REQUEST,
          RESULT_EVENT,
          RESULT_CLOUDEVENT,
          RELEASE_REQUEST,
          OPERATOR_REQUEST,
          APPROVAL_REQUEST,
          REDRIVE_REQUEST,
          REDRIVE_BULK_REQUEST,
          STREAMS_REBUILD_REQUEST,
          WEBHOOK_REQUEST);

  private SchemaNames() {}
}
