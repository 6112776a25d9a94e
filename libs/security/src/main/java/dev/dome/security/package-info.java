/**
 * Who may do what, what must never be stored, and where a path may lead: identities and the one
 * table of access, redaction, keyed digests and path guards. Framework-free; HTTP, tokens and logs
 * belong to the modules that use this.
 */
package dev.dome.security;
