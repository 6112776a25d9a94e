/**
 * Workers of other languages against the conformance suite. What the protocol demands is the
 * suite's; here is only how a worker is found, built and started.
 */
package dev.dome.cli.interop;
