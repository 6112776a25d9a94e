/** Calls to the state-controller over HTTP. */
package dev.dome.provenance.adapter.http;
