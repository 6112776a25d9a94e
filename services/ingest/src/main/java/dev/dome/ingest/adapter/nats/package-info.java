/** The application's ports over NATS, and how NATS's state becomes readiness. No HTTP here. */
package dev.dome.ingest.adapter.nats;
