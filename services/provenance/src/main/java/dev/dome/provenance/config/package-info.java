/** What provenance can be told, and which adapter stands behind which port. */
package dev.dome.provenance.config;
