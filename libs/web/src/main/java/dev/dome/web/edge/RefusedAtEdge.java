package dev.dome.web.edge;

import dev.dome.contracts.id.ReasonCode;

/** A request was refused by its head before any route of the service saw it; for who counts. */
public record RefusedAtEdge(ReasonCode code) {}
