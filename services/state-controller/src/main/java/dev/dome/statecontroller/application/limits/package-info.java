/**
 * The limits of a namespace as its operators set and see them: the port to the record, and what is
 * taken of a limit. The lane writer reads the same record by itself; nothing here grants a task.
 */
package dev.dome.statecontroller.application.limits;
