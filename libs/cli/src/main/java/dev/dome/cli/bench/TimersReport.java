package dev.dome.cli.bench;

/**
 * How late timers fired. A timer has fired once DOME_INBOX acknowledged its message.
 *
 * @param timers how many were measured, spread evenly over the window
 * @param early how many fired before they were due: anything but 0 is a defect
 * @param lateP50Ms nearest rank, as the others
 * @param boundPerSecond timers fired per second while all of another batch were due at one moment:
 *     what the way through store and inbox came to on this machine
 * @param boundTimers how many were in that batch
 */
record TimersReport(
    int timers,
    double windowSeconds,
    int early,
    double lateP50Ms,
    double lateP99Ms,
    double lateMaxMs,
    double boundPerSecond,
    int boundTimers) {}
