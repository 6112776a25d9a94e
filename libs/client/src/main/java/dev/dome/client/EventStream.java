package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.model.RunEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A run's events in order, each once: a broken connection, or one that has fallen silent, is opened
 * again after the last event seen. Ends after {@code run.completed}, or when closed. For one
 * thread; close from any.
 */
public final class EventStream implements Iterator<RunEvent>, AutoCloseable {
  private static final String LAST_TOPIC = "run.completed";

  /** A server with nothing to tell says so every 15 seconds. */
  static final Duration SILENCE = Duration.ofSeconds(45);

  private final Transport transport;
  private final String path;
  private final RetryPolicy retry;
  private final Duration silence;
  private long lastSequence;
  private RunEvent next;
  private boolean complete;
  private long aliveAtNanos;
  private BufferedReader lines;
  private volatile InputStream connection;

  /** Null while nobody waits for a line. */
  private volatile Long readingSinceNanos;

  private volatile boolean closed;

  /**
   * Opens nothing yet.
   *
   * @param silence how long a server may say nothing, not even that there is nothing
   */
  EventStream(
      Transport transport, String path, long afterSequence, RetryPolicy retry, Duration silence) {
    this.transport = transport;
    this.path = path;
    this.lastSequence = afterSequence;
    this.retry = retry;
    this.silence = silence;
  }

  /**
   * Waits for the next event.
   *
   * @throws DomeException when the server refuses, or stays away beyond the retry budget
   */
  @Override
  public boolean hasNext() {
    if (next != null) {
      return true;
    }
    aliveAtNanos = System.nanoTime();
    for (int failures = 1; !complete && !closed; failures++) {
      Optional<RunEvent> event = tryRead();
      if (event.isPresent()) {
        next = event.get();
        return true;
      }
      if (!closed) {
        awaitReconnect(failures);
      }
    }
    return false;
  }

  private void awaitReconnect(int failures) {
    if (System.nanoTime() - aliveAtNanos > retry.budget().toNanos()) {
      throw DomeException.unknown("The event stream " + path + " stays away", null);
    }
    Transport.pause(retry.delayMs(failures, 0));
  }

  @Override
  public RunEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the stream has ended");
    }
    RunEvent event = next;
    next = null;
    lastSequence = event.sequence();
    complete = event.topic().equals(LAST_TOPIC);
    return event;
  }

  /** The next event that is new, or empty when the connection ended first. */
  private Optional<RunEvent> tryRead() {
    try {
      if (lines == null) {
        open();
      }
      return readNew();
    } catch (IOException e) {
      disconnect();
      return Optional.empty();
    }
  }

  private void open() throws IOException {
    try {
      String resume = lastSequence > 0 ? Long.toString(lastSequence) : null;
      HttpResponse<InputStream> response = transport.stream(path, resume, silence);
      connection = response.body();
      if (response.statusCode() == 429 || response.statusCode() >= 500) {
        throw new IOException("status " + response.statusCode());
      }
      if (response.statusCode() != 200) {
        JsonNode body = ClientJson.tree(response.body().readAllBytes());
        throw DomeException.refused(Transport.problemOf(response.statusCode(), body));
      }
      lines = new BufferedReader(new InputStreamReader(connection, StandardCharsets.UTF_8));
      InputStream opened = connection;
      Thread.ofVirtual().name("event-stream-silence").start(() -> closeWhenSilent(opened));
    } catch (InterruptedException e) {
      throw Transport.interrupted(e);
    }
  }

  /** A read has no time limit of its own, but fails when its connection is closed. */
  private void closeWhenSilent(InputStream watched) {
    while (watched.equals(connection)) {
      Long since = readingSinceNanos;
      Duration waited = since == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
      if (waited.compareTo(silence) >= 0) {
        closeQuietly(watched);
        return;
      }
      Transport.pause(silence.minus(waited).toMillis() + 1);
    }
  }

  private String readLine() throws IOException {
    readingSinceNanos = System.nanoTime();
    try {
      return lines.readLine();
    } finally {
      readingSinceNanos = null;
    }
  }

  private Optional<RunEvent> readNew() throws IOException {
    StringBuilder data = new StringBuilder();
    for (String line = readLine(); line != null; line = readLine()) {
      aliveAtNanos = System.nanoTime();
      if (line.startsWith("data:")) {
        data.append(line.substring(5).strip());
      } else if (line.isEmpty() && !data.isEmpty()) {
        JsonNode tree = ClientJson.tree(data.toString().getBytes(StandardCharsets.UTF_8));
        data.setLength(0);
        if (tree.path("sequence").asLong() > lastSequence) {
          return Optional.of(ClientJson.read(tree, RunEvent.class));
        }
      }
    }
    disconnect();
    return Optional.empty();
  }

  private void disconnect() {
    lines = null;
    InputStream open = connection;
    connection = null;
    if (open != null) {
      closeQuietly(open);
    }
  }

  private static void closeQuietly(InputStream connection) {
    try {
      connection.close();
    } catch (IOException e) {
      // A connection that is already gone is closed enough.
    }
  }

  @Override
  public void close() {
    closed = true;
    InputStream open = connection;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw DomeException.unknown("The event stream did not close", e);
      }
    }
  }
}
