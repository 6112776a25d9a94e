/**
 * What the retry-scheduler does: turn journal rows into timers, and timers into inbox messages when
 * they are due. Only ports of the outside live here; whether a task may be retried is the kernel's
 * decision, made long before a timer exists.
 */
package dev.dome.retryscheduler.application;
