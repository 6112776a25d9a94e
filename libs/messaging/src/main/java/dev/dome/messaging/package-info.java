/**
 * How dome's processes talk over NATS: the link, the two streams, publishing, reading a lane, and
 * request with reply, as plain Java over jnats. No framework, no decision about runs and no SQL
 * lives here; what a message means is its reader's business.
 */
package dev.dome.messaging;
