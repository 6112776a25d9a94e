/**
 * The service level objectives of ssot/slo, and what is generated from them for Prometheus and
 * Grafana. Nothing of it runs in a service.
 */
package dev.dome.slo;
