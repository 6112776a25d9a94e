/** The journal coming in by a channel, and due timers going out to DOME_INBOX. */
package dev.dome.retryscheduler.adapter.nats;
