/**
 * Seeded lives of whole systems on one thread, the mistakes that they must find, and races of the
 * classes that threads share. Tests only: nothing here is shipped, and nothing that is shipped
 * knows of it.
 */
package dev.dome.simulation;
