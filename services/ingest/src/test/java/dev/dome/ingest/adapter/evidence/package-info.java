/** The contract of evidence stores and each store held to it. */
package dev.dome.ingest.adapter.evidence;
