/** Tests of the lane writer: on real PostgreSQL, and on an in-memory store in a simulation. */
package dev.dome.statecontroller.application;
