/** What the lane writer does, as metrics, traces and log lines; never payloads. */
package dev.dome.statecontroller.adapter.telemetry;
