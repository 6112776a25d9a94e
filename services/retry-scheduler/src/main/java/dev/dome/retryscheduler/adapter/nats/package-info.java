/** Due timers going out to DOME_INBOX. */
package dev.dome.retryscheduler.adapter.nats;
