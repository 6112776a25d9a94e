/**
 * The SmallRye Reactive Messaging connector {@code dome-jetstream}, which hands a service the
 * journal as a channel of batches. Only translation between {@code dev.dome.messaging} and the
 * framework lives here; services without channels do without this module.
 */
package dev.dome.messaging.connector;
