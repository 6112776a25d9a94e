package dev.dome.devstack;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code stack.json} remembers of the processes of one installation, so that a later command
 * finds them.
 *
 * @param apiUrl the one origin
 */
public record StackState(
    String apiUrl,
    String natsUrl,
    String natsMonitorUrl,
    String postgresUrl,
    List<Member> members) {
  static final String READY = "ready";

  /** Of a service that does not say that it is ready. */
  public static final String NOT_READY = "not-ready";

  /** Another version of dome may have written more than this one knows. */
  private static final ObjectReader READER =
      Json.mapper()
          .readerFor(StackState.class)
          .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  public StackState {
    members = List.copyOf(members);
  }

  /**
   * One process, in the order in which they started.
   *
   * @param startedAtMs tells it from a later process of the same pid
   * @param stopSignal what ends it in good order
   */
  public record Member(
      String name, long pid, long startedAtMs, String url, String log, String stopSignal) {
    static Member of(DevServer server, String url) {
      return new Member(
          server.name(),
          server.pid(),
          server.startedAtMs(),
          url,
          server.log().toString(),
          server.stopSignal());
    }

    /** Its process, while it runs. */
    public Optional<ChildProcess> process() {
      return ChildProcess.find(pid, startedAtMs);
    }

    /**
     * One word: {@code ready}, {@code not-ready} for a service that does not say so itself, or
     * {@code running}.
     */
    public String health() {
      if (!isService()) {
        return "running";
      }
      return ServiceHealth.ready(url, pid) ? READY : NOT_READY;
    }

    /** Whether it is one of dome's services, and not a server below them. */
    boolean isService() {
      return url.startsWith("http://");
    }

    public boolean runs() {
      return process().isPresent();
    }
  }

  /** What the directory remembers; empty when nothing was started or everything was stopped. */
  public static Optional<StackState> read(Path directory) {
    try {
      return Optional.of(READER.readValue(Files.readAllBytes(file(directory))));
    } catch (java.nio.file.NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(Path directory) {
    PrivateFiles.write(file(directory), Json.write(this));
  }

  static void forget(Path directory) {
    try {
      Files.deleteIfExists(file(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether every process still runs. */
  public boolean runs() {
    return members.stream().allMatch(Member::runs);
  }

  private static Path file(Path directory) {
    return directory.resolve("stack.json");
  }
}
