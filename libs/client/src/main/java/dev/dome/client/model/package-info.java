/**
 * What dome answers, as records. Fields a server did not send are null or empty, values a newer
 * server knows and this client does not are UNKNOWN. No behaviour beyond reading lives here.
 */
package dev.dome.client.model;
