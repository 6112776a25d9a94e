/**
 * The lane writer and what surrounds it, in plain Java over narrow ports: batches, dispatch of
 * ready tasks, ownership of lanes and the publication of the journal. Nothing here knows NATS,
 * PostgreSQL, Vert.x or Quarkus, so that a simulation runs the production code on one thread.
 */
package dev.dome.statecontroller.application;
