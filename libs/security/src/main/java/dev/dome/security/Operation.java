package dev.dome.security;

/** Everything a caller can ask for in a namespace; {@link AccessPolicy} says who may. */
public enum Operation {
  SUBMIT_RUN,
  CANCEL_RUN,
  PAUSE_RUN,
  RESUME_RUN,
  DECIDE_APPROVAL,
  /** Hold back what a breaker guards, such as a queue. */
  PAUSE_BREAKER,
  RESUME_BREAKER,
  REDRIVE,
  /** Have workers take nothing more, or again. */
  DRAIN_WORKERS,
  CLAIM_TASKS,
  HEARTBEAT,
  REPORT_RESULT,
  RELEASE_TASK,
  PUT_EVIDENCE,
  READ,
  /** Recompute a run, which costs more than a read. */
  REPLAY_RUN,
  /** The journal of a lane, across namespaces; the roles are held in a namespace of dome itself. */
  READ_LANE,
  /** Who asked for what under which key, and what became of it. */
  READ_OPERATIONS,
  /** Make the streams again and publish the journal into them; held like {@link #READ_LANE}. */
  REBUILD_STREAMS,
  /** Set and remove the limits of a namespace. */
  SET_LIMIT,
  /** The audit records of a namespace. */
  READ_AUDIT,
  /** Say who is told of the namespace's events, and tell somebody again. */
  MANAGE_WEBHOOKS,
  /** Who is told of events, and what came of it. */
  READ_WEBHOOKS,
  /** Everything the audit has of one run, to take away. */
  EXPORT_AUDIT,
  /** Retention, holds and tombstones of a namespace. */
  READ_RETENTION,
  /** Say how long the audit keeps what begins from now on. */
  SET_RETENTION,
  /** Keep a run or a namespace from being purged. */
  PLACE_HOLD,
  RELEASE_HOLD,
  /**
   * Which partitions of the audit have expired, across namespaces; held like {@link #READ_LANE}.
   */
  READ_EXPIRED,
  /** Remove what has expired and is not held, across namespaces; held like {@link #READ_LANE}. */
  PURGE_AUDIT
}
