/**
 * Measurements through the public API with the client anyone can use, next to figures of others
 * that were measured the same way. No shortcut into a service may live here.
 */
package dev.dome.cli.bench;
