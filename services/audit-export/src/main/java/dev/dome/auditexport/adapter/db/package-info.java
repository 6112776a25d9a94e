/**
 * The schema {@code audit_export} through Hibernate Reactive. Entities never leave this package,
 * and the database itself refuses to change or remove a record.
 */
package dev.dome.auditexport.adapter.db;
