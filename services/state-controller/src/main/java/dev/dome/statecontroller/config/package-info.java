/** Wires ports to adapters, starts and stops the threads, and says whether the replica is fit. */
package dev.dome.statecontroller.config;
