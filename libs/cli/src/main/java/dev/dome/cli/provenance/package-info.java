/**
 * Signed statements of runs: how they are fetched and checked. What a check is made of is {@code
 * dev.dome.transparency}'s; with files at hand no server is asked.
 */
package dev.dome.cli.provenance;
