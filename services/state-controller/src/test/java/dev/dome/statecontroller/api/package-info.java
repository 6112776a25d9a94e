/** The read API over HTTP against a real PostgreSQL, with runs stepped by the real kernel. */
package dev.dome.statecontroller.api;
