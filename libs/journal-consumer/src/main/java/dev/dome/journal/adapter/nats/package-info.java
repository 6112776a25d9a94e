/**
 * DOME_JOURNAL as a channel of SmallRye Reactive Messaging, and whether the link to it is fit for
 * use. Only translation between {@code dev.dome.messaging} and the framework lives here.
 */
package dev.dome.journal.adapter.nats;
