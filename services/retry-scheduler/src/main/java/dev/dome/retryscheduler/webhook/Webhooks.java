package dev.dome.retryscheduler.webhook;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.retryscheduler.webhook.Destinations.Checked;
import dev.dome.security.SealedSecrets;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Makes webhooks. */
public final class Webhooks {
  private final WebhookStore store;
  private final Destinations destinations;
  private final SealedSecrets secrets;
  private final Clock clock;
  private final int maxPerNamespace;

  public Webhooks(
      WebhookStore store,
      Destinations destinations,
      SealedSecrets secrets,
      Clock clock,
      int maxPerNamespace) {
    this.store = store;
    this.destinations = destinations;
    this.secrets = secrets;
    this.clock = clock;
    this.maxPerNamespace = maxPerNamespace;
  }

  /**
   * What is asked for.
   *
   * @param topics all of them when empty
   * @param secret one is made when empty
   * @param subject who asks
   */
  public record Wanted(
      NamespaceId namespace,
      String url,
      List<String> topics,
      Optional<SigningSecret> secret,
      String subject) {}

  /** What came of it. */
  public sealed interface Made {
    /** It is there; the secret is told now and never again. */
    record Added(Webhook webhook, SigningSecret secret) implements Made {}

    record UrlForbidden(String expected) implements Made {}

    record TooMany(int max) implements Made {}
  }

  /** Makes a webhook once its URL has been looked at, on a thread that may block. */
  public Uni<Made> make(Wanted wanted) {
    return Uni.createFrom()
        .item(() -> destinations.check(wanted.url()))
        .runSubscriptionOn(task -> Thread.ofVirtual().name("webhook-check").start(task))
        .flatMap(checked ->
            switch (checked) {
              case Checked.Forbidden(String expected) -> forbidden(expected);
              case Checked.Unknown unknown -> forbidden("expected a host that has an address");
              case Checked.Allowed allowed -> store(wanted);
            });
  }

  private static Uni<Made> forbidden(String expected) {
    return Uni.createFrom().item(new Made.UrlForbidden(expected));
  }

  private Uni<Made> store(Wanted wanted) {
    SigningSecret secret = wanted.secret().orElseGet(SigningSecret::make);
    Webhook webhook =
        new Webhook(
            "wh-" + UUID.randomUUID().toString().replace("-", ""),
            wanted.namespace(),
            URI.create(wanted.url()),
            wanted.topics(),
            Webhook.Status.ACTIVE,
            wanted.subject(),
            clock.millis());
    return store
        .add(webhook, secrets.seal(secret.bytes(), webhook.purpose()), maxPerNamespace)
        .map(added -> added ? new Made.Added(webhook, secret) : new Made.TooMany(maxPerNamespace));
  }
}
