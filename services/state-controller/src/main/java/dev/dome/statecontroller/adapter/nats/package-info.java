/**
 * The lane writer's ports on NATS: inbox readers, claims and heartbeats, answers and hints, and the
 * journal's stream. No decision lives here.
 */
package dev.dome.statecontroller.adapter.nats;
