/**
 * Typed identifiers. Each checks its own pattern when it is made, so that a value of one of these
 * types is always well-formed; parsing untrusted text is the boundary's task.
 */
package dev.dome.contracts.id;
