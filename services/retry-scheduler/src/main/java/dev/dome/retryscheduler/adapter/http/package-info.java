/** Calls to the state-controller over HTTP. */
package dev.dome.retryscheduler.adapter.http;
