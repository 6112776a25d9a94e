/** What dome's services say to each other over NATS; never seen by clients. */
package dev.dome.contracts.wire;
