package dev.dome.retryscheduler.application;

/** Everything that some journal rows mean here; stored in one transaction. */
public record JournalChanges(
    TimerChanges timers, DeadLetterChanges deadLetters, BreakerFacts breakers) {}
