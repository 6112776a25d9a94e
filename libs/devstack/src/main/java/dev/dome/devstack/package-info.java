/**
 * The servers and services dome needs, run as child processes of this machine: a real nats-server,
 * a real PostgreSQL, dome's own services, and a local token issuer. Used by {@code ./dome up} and
 * by tests. Nothing here is part of a deployed service.
 */
package dev.dome.devstack;
