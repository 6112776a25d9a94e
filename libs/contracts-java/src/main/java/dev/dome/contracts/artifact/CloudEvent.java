package dev.dome.contracts.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;

/**
 * An event of a run as a CloudEvent 1.0 in JSON, structured (CloudEvents JSON format 1.0.2). The
 * one shape in which dome's events leave it as CloudEvents.
 *
 * @param id of the event, the same wherever and however often it is told
 * @param source the path of the run
 * @param type {@code dev.dome.} and the topic
 * @param time RFC 3339 UTC, milliseconds
 * @param runsequence extension: the event's sequence within its run, from 1
 * @param data the event's payload
 */
public record CloudEvent(
    String specversion,
    String id,
    String source,
    String type,
    RunId subject,
    String time,
    String datacontenttype,
    long runsequence,
    JsonNode data) {
  /** Of one event. */
  public static final String MEDIA_TYPE = "application/cloudevents+json";

  /** Of an array of events. */
  public static final String BATCH_MEDIA_TYPE = "application/cloudevents-batch+json";

  /** Before the topic in every type. */
  public static final String TYPE_PREFIX = "dev.dome.";

  /** An event of a run of the namespace. */
  public static CloudEvent of(NamespaceId namespace, EventEnvelope event) {
    return new CloudEvent(
        "1.0",
        event.eventId(),
        "/v1/namespaces/" + namespace + "/runs/" + event.runId(),
        TYPE_PREFIX + event.topic(),
        event.runId(),
        event.ts(),
        "application/json",
        event.sequence(),
        event.payload());
  }
}
