/**
 * The one public entrance: it authenticates, limits, validates, redacts, makes durable and answers.
 * Nothing here decides about a run; that is the state controller's.
 */
package dev.dome.ingest;
