package dev.dome.contracts.wire;

import dev.dome.contracts.id.Lane;

/** Every NATS subject and stream dome uses. Nothing a client sends ever becomes part of one. */
public final class Subjects {
  public static final String INBOX_STREAM = "DOME_INBOX";
  public static final String JOURNAL_STREAM = "DOME_JOURNAL";
  public static final String INBOX_ALL = "dome.inbox.*";
  public static final String JOURNAL_ALL = "dome.journal.*";

  public static final String ACCESS_STREAM = "DOME_ACCESS";

  /** Who was let do what, and who was not: {@link AccessBatch}. */
  public static final String ACCESS = "dome.access";

  /** Claims that any replica may take, by queue group {@link #CONTROLLERS}. */
  public static final String CLAIMS = "dome.claims.any";

  public static final String CONTROLLERS = "state-controllers";

  /** A replica says that it has ready work of a queue and nobody waiting for it. */
  public static final String READY_HINT = "dome.hint.ready";

  /** A replica says that slots of limits were given back and are still free. */
  public static final String FREED_HINT = "dome.hint.freed";

  private Subjects() {}

  public static String inbox(Lane lane) {
    return "dome.inbox." + lane.number();
  }

  public static String journal(Lane lane) {
    return "dome.journal." + lane.number();
  }

  /** Claims moved to one replica. */
  public static String claimsOf(String replicaId) {
    return "dome.claims.replica." + replicaId;
  }

  /** Heartbeats of attempts, answered by the lane's owner. */
  public static String heartbeats(Lane lane) {
    return "dome.heartbeats." + lane.number();
  }

  /** Where one ingest process listens for outcomes; the operation id travels in the message. */
  public static String replies(String ingestId) {
    return "dome.replies." + ingestId;
  }
}
