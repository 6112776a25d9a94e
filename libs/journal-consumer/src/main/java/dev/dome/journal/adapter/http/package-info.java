/** Asks the state-controller for rows of its journal. */
package dev.dome.journal.adapter.http;
