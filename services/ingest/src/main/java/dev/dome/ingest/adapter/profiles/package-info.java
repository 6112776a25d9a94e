/** Reads the profiles of namespaces from files. */
package dev.dome.ingest.adapter.profiles;
