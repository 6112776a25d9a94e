package dev.dome.retryscheduler.application;

import dev.dome.retryscheduler.webhook.WebhookEvents;

/** Everything that some journal rows mean here; stored in one transaction. */
public record JournalChanges(
    TimerChanges timers,
    DeadLetterChanges deadLetters,
    BreakerFacts breakers,
    WebhookEvents webhookEvents) {}
