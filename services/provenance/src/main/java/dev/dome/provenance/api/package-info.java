/** Provenance over HTTP: manifests to read, replays to ask for and read. */
package dev.dome.provenance.api;
