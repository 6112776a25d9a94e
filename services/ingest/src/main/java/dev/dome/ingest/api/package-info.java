/**
 * HTTP: resources, the guards in front of them and the answers' shape. Reads bytes into the
 * application's requests; knows no NATS.
 */
package dev.dome.ingest.api;
