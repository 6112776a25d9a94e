/** What every consumer of the journal can be told, and which adapter stands behind which port. */
package dev.dome.journal.config;
