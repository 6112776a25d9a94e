/** Tests of what a replica is made of, on real servers. */
package dev.dome.statecontroller.config;
