/**
 * Holds a worker of any language against the public contract: starts it as a process, plays the
 * server to it over HTTP, and says which rules it broke. Knows documents and HTTP only; nothing of
 * the SDK, the kernel or a running dome.
 */
package dev.dome.conformance;
