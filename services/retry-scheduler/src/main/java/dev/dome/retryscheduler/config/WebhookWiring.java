package dev.dome.retryscheduler.config;

import dev.dome.kernel.PolicySet;
import dev.dome.retryscheduler.webhook.DeliveryLoop;
import dev.dome.retryscheduler.webhook.DeliveryObserver;
import dev.dome.retryscheduler.webhook.DeliveryPolicy;
import dev.dome.retryscheduler.webhook.Destinations;
import dev.dome.retryscheduler.webhook.Receiver;
import dev.dome.retryscheduler.webhook.Teller;
import dev.dome.retryscheduler.webhook.WebhookStore;
import dev.dome.retryscheduler.webhook.Webhooks;
import dev.dome.retryscheduler.webhook.adapter.http.VertxReceiver;
import dev.dome.security.SealedSecrets;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Puts together what tells receivers of events. */
@Singleton
final class WebhookWiring {
  /** What an attempt may last beyond its request: resolving the name, storing the end. */
  private static final long LEASE_MARGIN_MS = 60_000;

  private final SchedulerConfig config;

  WebhookWiring(SchedulerConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  SealedSecrets secrets() {
    try {
      return SealedSecrets.load(config.webhooks().keyFile());
    } catch (IOException e) {
      throw new UncheckedIOException("the key file of webhooks cannot be read", e);
    }
  }

  @Produces
  @Singleton
  Destinations destinations() {
    SchedulerConfig.Webhooks webhooks = config.webhooks();
    return new Destinations(
        host -> List.of(InetAddress.getAllByName(host)),
        new Destinations.Rules(
            each(webhooks.ports(), Integer::valueOf),
            each(webhooks.trustedHosts().orElse(""), host -> host.toLowerCase(Locale.ROOT))));
  }

  private static <T> Set<T> each(String list, Function<String, T> value) {
    return Pattern.compile(",")
        .splitAsStream(list)
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(value)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Produces
  @Singleton
  VertxReceiver receiver(Vertx vertx) {
    SchedulerConfig.Webhooks webhooks = config.webhooks();
    return new VertxReceiver(
        vertx,
        new VertxReceiver.Settings(
            (int) webhooks.connectTimeout().toMillis(),
            webhooks.answerTimeout().toMillis(),
            webhooks.inFlight(),
            webhooks.caFile()));
  }

  void close(@Disposes VertxReceiver receiver) {
    receiver.close();
  }

  @Produces
  @Singleton
  Webhooks webhooks(
      WebhookStore store, Destinations destinations, SealedSecrets secrets, Clock clock) {
    return new Webhooks(store, destinations, secrets, clock, config.webhooks().perNamespace());
  }

  @Produces
  @Singleton
  DeliveryLoop deliveries(
      WebhookStore store,
      Destinations destinations,
      SealedSecrets secrets,
      Receiver receiver,
      DeliveryObserver observer,
      Clock clock) {
    SchedulerConfig.Webhooks webhooks = config.webhooks();
    DeliveryPolicy policy =
        new DeliveryPolicy(
            new PolicySet.Retry(
                webhooks.attempts() - 1,
                webhooks.delay().toMillis(),
                webhooks.longestDelay().toMillis()));
    return new DeliveryLoop(
        store,
        new Teller(destinations, secrets, receiver, clock),
        policy,
        observer,
        clock,
        new DeliveryLoop.Settings(
            config.firing().sweep().toMillis(),
            webhooks.inFlight(),
            webhooks.perWebhook(),
            webhooks.answerTimeout().toMillis() + LEASE_MARGIN_MS,
            config.firing().round().toMillis(),
            webhooks.keep().toMillis()));
  }
}
