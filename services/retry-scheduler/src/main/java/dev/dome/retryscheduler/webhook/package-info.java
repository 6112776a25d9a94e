/**
 * Telling others of a namespace's events: who is told, where a telling may go, how it is signed and
 * what follows from an answer. Nothing here knows a database or an HTTP client.
 */
package dev.dome.retryscheduler.webhook;
