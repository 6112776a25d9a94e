/** What audit-export can be told, and which adapter stands behind which port. */
package dev.dome.auditexport.config;
