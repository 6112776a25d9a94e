/**
 * What provenance does: for every run that ended, recompute it from its inputs and state in a
 * manifest what went in and what came out. Only ports of the outside live here; it changes no run.
 */
package dev.dome.provenance.application;
