/** What the retry-scheduler can be told, and which adapter stands behind which port. */
package dev.dome.retryscheduler.config;
