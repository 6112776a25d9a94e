/**
 * ingest as a process: real HTTP, a real nats-server, and the controllers played at the NATS
 * boundary. What the controllers themselves do is tested elsewhere.
 */
package dev.dome.ingest;
