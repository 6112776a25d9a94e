/**
 * The record of who was let do what: decisions of the access filter and of the entrance, gathered
 * and handed to a stream. Nothing here decides, and nothing here holds a request up.
 */
package dev.dome.web.access;
