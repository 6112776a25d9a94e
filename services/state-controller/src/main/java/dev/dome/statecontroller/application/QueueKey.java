package dev.dome.statecontroller.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;

/** A queue of one namespace. */
record QueueKey(NamespaceId namespace, QueueName queue) {}
