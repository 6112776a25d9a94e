/** The retry-scheduler over HTTP: reads only, authorised like every read of a namespace. */
package dev.dome.retryscheduler.api;
