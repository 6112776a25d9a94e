/**
 * The Java client of dome: runs are submitted, read, steered and worked through its public HTTP
 * API. Everything here speaks that API and nothing else; no service code, storage or kernel type
 * may appear.
 */
package dev.dome.client;
