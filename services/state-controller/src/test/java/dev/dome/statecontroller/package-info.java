/** Tests of the whole service on a real nats-server and a real PostgreSQL. */
package dev.dome.statecontroller;
