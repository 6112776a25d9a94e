/** Access decisions coming in from DOME_ACCESS. */
package dev.dome.auditexport.adapter.nats;
