/**
 * Retention in the schema {@code audit_export}, whose functions do what changes anything; rows come
 * as JSON and never leave this package as such.
 */
package dev.dome.auditexport.retention.adapter.db;
