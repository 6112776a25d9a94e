package dev.dome.statecontroller.application;

import dev.dome.contracts.wire.Claim;

/**
 * A claim that waits for work, and where its answer goes.
 *
 * @param moved whether another replica sent it here, so that it is granted here what there is and
 *     never sent back and forth
 */
record ParkedClaim(Claim.Request request, String replyTo, boolean moved) {
  QueueKey key() {
    return new QueueKey(request.namespace(), request.queue());
  }

  Store.ClaimName name() {
    return Store.ClaimName.of(request);
  }

  boolean expired(long nowMs) {
    return request.expiresAtMs() <= nowMs;
  }
}
