/**
 * The audit log: what a record is, how journal rows and access decisions become records, and what
 * can be asked of them. Nothing here changes or removes a record.
 */
package dev.dome.auditexport.application;
