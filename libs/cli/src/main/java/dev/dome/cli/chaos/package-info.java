/**
 * Faults that are done to a stack of its own under load, and what came of them. What a fault is
 * made of (signals, proxies, small disks, traces) lives in devstack; what must hold afterwards is
 * judged by {@code dev.dome.cli.admin}.
 */
package dev.dome.cli.chaos;
