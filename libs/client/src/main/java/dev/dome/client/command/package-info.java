/**
 * The reference worker: runs a task's argument vector as a process of its own, without a shell, in
 * a directory and an environment that hold nothing else. No other way of working a task lives here.
 */
package dev.dome.client.command;
