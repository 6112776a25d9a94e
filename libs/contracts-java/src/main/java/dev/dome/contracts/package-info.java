/**
 * The vocabulary every part of dome shares: typed ids, the artifacts of the contract family and
 * canonical JSON. No decisions and no I/O live here.
 */
package dev.dome.contracts;
