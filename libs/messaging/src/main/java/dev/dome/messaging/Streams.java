package dev.dome.messaging;

import dev.dome.contracts.wire.Subjects;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PurgeOptions;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes and tends DOME_INBOX, DOME_JOURNAL and DOME_ACCESS. Calls block for at most the budget's
 * {@code requestMs} each; run them off the event loop.
 *
 * <p>Every method throws {@link UncheckedIOException} when the server cannot be asked, and {@link
 * StreamRefusedException} when it says no.
 */
public final class Streams {
  private static final int STREAM_NOT_FOUND = 10059;
  private static final int STREAM_NAME_IN_USE = 10058;

  private final NatsLink link;

  Streams(NatsLink link) {
    this.link = link;
  }

  /**
   * Which making of each stream is there: the time the server created it, as text. Sequences of
   * another incarnation mean nothing.
   */
  public record Incarnations(String inbox, String journal) {}

  /** Creates both streams, or updates them to the configuration; whoever starts first does it. */
  public Incarnations ensure(StreamsConfig config) {
    return new Incarnations(
        ensure(Subjects.INBOX_STREAM, Subjects.INBOX_ALL, config.inboxMaxBytes(), config),
        ensure(Subjects.JOURNAL_STREAM, Subjects.JOURNAL_ALL, config.journalMaxBytes(), config));
  }

  /**
   * Makes again those of the two streams that are gone, and leaves the others alone.
   *
   * @return the names of those that were gone
   */
  public List<String> restore(StreamsConfig config) {
    List<String> gone =
        Stream.of(Subjects.INBOX_STREAM, Subjects.JOURNAL_STREAM).filter(this::gone).toList();
    if (!gone.isEmpty()) {
      ensure(config);
    }
    return gone;
  }

  private boolean gone(String stream) {
    try {
      incarnation(stream);
      return false;
    } catch (StreamRefusedException e) {
      if (e.apiErrorCode() == STREAM_NOT_FOUND) {
        return true;
      }
      throw e;
    }
  }

  /**
   * Creates DOME_ACCESS or updates it to the bounds. It drops its oldest messages when it is full:
   * an audit that is behind must never push back on requests, and its reader sees what it missed.
   *
   * @param maxBytes bytes it may hold
   * @param replicas 1 on one server, 3 in a cluster
   */
  public String ensureAccess(long maxBytes, int replicas) {
    StreamConfiguration wanted =
        StreamConfiguration.builder()
            .name(Subjects.ACCESS_STREAM)
            .subjects(Subjects.ACCESS)
            .storageType(StorageType.File)
            .retentionPolicy(RetentionPolicy.Limits)
            .discardPolicy(DiscardPolicy.Old)
            .maxBytes(maxBytes)
            .replicas(replicas)
            .duplicateWindow(AccessPublisher.REPEATS_KNOWN_FOR)
            .allowDirect(true)
            .denyDelete(true)
            .build();
    return createdAt(ask(management -> createOrUpdate(management, wanted)));
  }

  /** The incarnation of a stream that exists. */
  public String incarnation(String stream) {
    return createdAt(ask(management -> management.getStreamInfo(stream)));
  }

  public StreamUsage usage(String stream) {
    StreamInfo info = ask(management -> management.getStreamInfo(stream));
    return new StreamUsage(
        createdAt(info),
        info.getStreamState().getMsgCount(),
        info.getStreamState().getByteCount(),
        info.getConfiguration().getMaxBytes(),
        info.getStreamState().getLastSequence());
  }

  /**
   * Drops the messages of one subject up to and including a stream sequence. Only the trimmer may
   * call this, with a sequence that every reader of the subject has committed.
   *
   * @return how many messages went
   */
  public long purgeUpTo(String stream, String subject, long sequence) {
    PurgeOptions upTo = PurgeOptions.builder().subject(subject).sequence(sequence + 1).build();
    return ask(management -> management.purgeStream(stream, upTo)).getPurged();
  }

  /**
   * How far each durable consumer of a stream has acknowledged, as stream sequences by consumer
   * name; nothing at or below its floor will be delivered to it again.
   */
  public Map<String, Long> ackFloors(String stream) {
    Map<String, Long> floors = new TreeMap<>();
    for (ConsumerInfo info : ask(management -> management.getConsumers(stream))) {
      if (info.getConsumerConfiguration().getDurable() != null) {
        floors.put(info.getName(), info.getAckFloor().getStreamSequence());
      }
    }
    return floors;
  }

  /** Messages that each durable consumer of a stream has yet to acknowledge, by consumer name. */
  public Map<String, Long> backlogs(String stream) {
    Map<String, Long> backlogs = new TreeMap<>();
    for (ConsumerInfo info : ask(management -> management.getConsumers(stream))) {
      if (info.getConsumerConfiguration().getDurable() != null) {
        backlogs.put(info.getName(), info.getNumPending() + info.getNumAckPending());
      }
    }
    return backlogs;
  }

  private String ensure(String stream, String subjects, long maxBytes, StreamsConfig config) {
    StreamConfiguration wanted =
        StreamConfiguration.builder()
            .name(stream)
            .subjects(subjects)
            .storageType(StorageType.File)
            .retentionPolicy(RetentionPolicy.Limits)
            .discardPolicy(DiscardPolicy.New)
            .maxBytes(maxBytes)
            .replicas(config.replicas())
            .allowAtomicPublish()
            .allowDirect(true)
            .denyDelete(true)
            .build();
    return createdAt(ask(management -> createOrUpdate(management, wanted)));
  }

  private static StreamInfo createOrUpdate(
      JetStreamManagement management, StreamConfiguration wanted)
      throws IOException, JetStreamApiException {
    try {
      return management.updateStream(wanted);
    } catch (JetStreamApiException absent) {
      if (absent.getApiErrorCode() != STREAM_NOT_FOUND) {
        throw absent;
      }
    }
    try {
      return management.addStream(wanted);
    } catch (JetStreamApiException raced) {
      if (raced.getApiErrorCode() != STREAM_NAME_IN_USE) {
        throw raced;
      }
      return management.updateStream(wanted);
    }
  }

  static String createdAt(StreamInfo info) {
    return info.getCreateTime().toInstant().toString();
  }

  <T> T ask(Question<T> question) {
    try {
      return question.ask(link.connection().jetStreamManagement(link.jetStreamOptions()));
    } catch (IOException e) {
      throw new UncheckedIOException("JetStream did not answer", e);
    } catch (IllegalStateException e) {
      throw new UncheckedIOException("JetStream cannot be asked", new IOException(e));
    } catch (JetStreamApiException e) {
      throw new StreamRefusedException(e);
    }
  }

  @FunctionalInterface
  interface Question<T> {
    T ask(JetStreamManagement management) throws IOException, JetStreamApiException;
  }
}
