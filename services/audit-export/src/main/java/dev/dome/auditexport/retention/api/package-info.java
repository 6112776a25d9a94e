/** Retention, holds, tombstones and purges over HTTP. */
package dev.dome.auditexport.retention.api;
