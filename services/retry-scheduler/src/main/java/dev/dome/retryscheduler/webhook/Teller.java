package dev.dome.retryscheduler.webhook;

import dev.dome.contracts.artifact.CloudEvent;
import dev.dome.retryscheduler.webhook.Delivery.Fault;
import dev.dome.retryscheduler.webhook.Destinations.Checked;
import dev.dome.retryscheduler.webhook.WebhookStore.Due;
import dev.dome.security.SealedSecrets;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Makes one attempt: looks where it leads, signs and posts. */
public final class Teller {
  private final Destinations destinations;
  private final SealedSecrets secrets;
  private final Receiver receiver;
  private final Clock clock;

  public Teller(Destinations destinations, SealedSecrets secrets, Receiver receiver, Clock clock) {
    this.destinations = destinations;
    this.secrets = secrets;
    this.receiver = receiver;
    this.clock = clock;
  }

  /** Blocks until the attempt has ended. */
  public Attempted tell(Due due) {
    Optional<SigningSecret> secret =
        secrets.open(due.sealedSecret(), due.webhook().purpose()).map(SigningSecret::of);
    if (secret.isEmpty()) {
      return new Attempted.Failed(Fault.SECRET_UNREADABLE);
    }
    return switch (destinations.check(due.webhook().url().toString())) {
      case Checked.Forbidden forbidden -> new Attempted.Failed(Fault.URL_FORBIDDEN);
      case Checked.Unknown unknown -> new Attempted.Failed(Fault.NO_ADDRESS);
      case Checked.Allowed(Destinations.Destination destination) -> {
        byte[] body = due.body().getBytes(StandardCharsets.UTF_8);
        yield receiver.post(destination, headers(due, secret.get(), body), body);
      }
    };
  }

  private Map<String, String> headers(Due due, SigningSecret secret, byte[] body) {
    long seconds = clock.millis() / 1000;
    return Map.of(
        "content-type", CloudEvent.MEDIA_TYPE,
        "user-agent", "dome-webhooks",
        "webhook-id", due.eventId(),
        "webhook-timestamp", Long.toString(seconds),
        "webhook-signature", secret.sign(due.eventId(), seconds, body));
  }
}
