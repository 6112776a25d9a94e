/**
 * How long the audit keeps what, what is held beyond that, and what is left of what was purged. The
 * database itself decides what has expired and is not held, and records every act; nothing here can
 * make it do otherwise.
 */
package dev.dome.auditexport.retention;
