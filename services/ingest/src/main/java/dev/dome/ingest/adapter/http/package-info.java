/**
 * Reads that belong to another service: the route table made from the owners' contracts and the
 * streaming proxy behind it. Only routes of that table are forwarded.
 */
package dev.dome.ingest.adapter.http;
