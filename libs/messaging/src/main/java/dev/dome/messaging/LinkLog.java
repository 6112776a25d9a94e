package dev.dome.messaging;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.support.Status;
import java.lang.System.Logger.Level;

/** Turns what jnats reports into log lines with fixed messages; payloads never appear. */
final class LinkLog implements ErrorListener, ConnectionListener {
  private static final System.Logger LOG = System.getLogger(NatsLink.class.getName());

  private final String name;

  LinkLog(String name) {
    this.name = name;
  }

  // jnats marks it deprecated for callers; it is still the one method that listeners implement.
  @SuppressWarnings("deprecation")
  @Override
  public void connectionEvent(Connection connection, Events event) {
    Level level =
        switch (event) {
          case DISCONNECTED, LAME_DUCK -> Level.WARNING;
          case CONNECTED, RECONNECTED, CLOSED -> Level.INFO;
          default -> Level.DEBUG;
        };
    LOG.log(level, "nats link changed link={0} event={1}", name, event);
  }

  @Override
  public void errorOccurred(Connection connection, String error) {
    LOG.log(Level.WARNING, "nats server reported an error link={0} error={1}", name, error);
  }

  @Override
  public void exceptionOccurred(Connection connection, Exception e) {
    LOG.log(
        Level.WARNING,
        "nats client reported an exception link={0} type={1} cause={2}",
        name,
        e.getClass().getSimpleName(),
        e.getMessage());
  }

  @Override
  public void slowConsumerDetected(Connection connection, Consumer consumer) {
    LOG.log(
        Level.ERROR,
        "nats subscription is too slow link={0} pending={1} dropped={2}",
        name,
        Long.toString(consumer.getPendingMessageCount()),
        Long.toString(consumer.getDroppedCount()));
  }

  @Override
  public void messageDiscarded(Connection connection, Message message) {
    LOG.log(Level.ERROR, "nats message discarded link={0} subject={1}", name, message.getSubject());
  }

  @Override
  public void socketWriteTimeout(Connection connection) {
    LOG.log(Level.WARNING, "nats socket write timed out link={0}", name);
  }

  @Override
  public void heartbeatAlarm(
      Connection connection, JetStreamSubscription subscription, long streamSeq, long consumerSeq) {
    LOG.log(Level.WARNING, "nats consumer heartbeat missing link={0}", name);
  }

  @Override
  public void unhandledStatus(
      Connection connection, JetStreamSubscription subscription, Status status) {
    LOG.log(Level.WARNING, "nats status not handled link={0} status={1}", name, status.getCode());
  }

  @Override
  public void pullStatusWarning(
      Connection connection, JetStreamSubscription subscription, Status status) {
    LOG.log(Level.DEBUG, "nats pull ended link={0} status={1}", name, status.getCode());
  }

  @Override
  public void pullStatusError(
      Connection connection, JetStreamSubscription subscription, Status status) {
    LOG.log(Level.WARNING, "nats pull failed link={0} status={1}", name, status.getCode());
  }
}
