/**
 * Configuration with its defaults, and the wiring of adapters to ports. No behaviour lives here.
 */
package dev.dome.ingest.config;
