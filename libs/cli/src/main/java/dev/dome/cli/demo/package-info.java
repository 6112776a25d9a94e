/**
 * The guided tour: real runs through the public API, told as they happen. Nothing that the tour
 * shows may depend on code that only the tour has.
 */
package dev.dome.cli.demo;
