/**
 * The stores of evidence behind one port: a directory, and an S3 bucket. What they share is the
 * staging directory, where content waits until its digest is checked. Decisions about content live
 * in the application.
 */
package dev.dome.ingest.adapter.evidence;
