package dev.dome.ingest.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.Actor;

/**
 * Who asks, where, and within which trace.
 *
 * @param traceparent W3C trace context of the request, or null
 */
public record Requester(NamespaceId namespace, Actor actor, String traceparent) {}
