/** The audit over HTTP: reads only, for auditors of the namespace. */
package dev.dome.auditexport.api;
