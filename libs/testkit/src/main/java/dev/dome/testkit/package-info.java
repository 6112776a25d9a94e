/**
 * What service tests stand on: one real nats-server and one real PostgreSQL per test JVM, their
 * addresses as Quarkus configuration, and tokens. For tests only.
 */
package dev.dome.testkit;
