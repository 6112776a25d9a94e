/**
 * The state-controller's HTTP resources: reads only, every write enters through the inbox. A
 * resource parses the request, asks a read port and shapes the answer; it decides nothing.
 */
package dev.dome.statecontroller.api;
