/**
 * What ingest does with a request that is well-formed: make it durable, wait for its outcome, park
 * a claim. Reaches the outside through ports only; no HTTP and no NATS types live here.
 */
package dev.dome.ingest.application;
