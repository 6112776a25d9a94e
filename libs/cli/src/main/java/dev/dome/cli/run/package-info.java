/**
 * Commands about runs and their work, over the client: submit, read, watch, steer, work. How the
 * local stack is started and stopped does not live here.
 */
package dev.dome.cli.run;
