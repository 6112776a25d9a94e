/**
 * The rules of the house as tests: who may depend on whom, what a file may hold, which libraries
 * may be used. Each failing rule says why it exists and how to satisfy it.
 */
package dev.dome.architecture;
