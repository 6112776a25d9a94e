package dev.dome.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.dome.contracts.id.ReasonCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The catalog of reason codes, and with it the one error table: code → class → HTTP status and
 * whether trying again may help. Immutable and safe for use by many threads.
 */
public final class ReasonCodes {
  private static final String RESOURCE = "/ssot/policy/reason.codes.json";

  private final String version;
  private final SortedMap<ReasonCode, Entry> entries;

  private ReasonCodes(Document document) {
    SortedMap<ReasonCode, Entry> byCode = new TreeMap<>();
    for (Row row : document.codes()) {
      if (byCode.put(row.code(), row.toEntry()) != null) {
        throw new IllegalArgumentException("the catalog holds " + row.code() + " twice");
      }
    }
    this.version = document.version();
    this.entries = Collections.unmodifiableSortedMap(byCode);
  }

  /** Who or what a reason lies with; decides the HTTP status where the code does not. */
  public enum ReasonClass {
    DETERMINISTIC(422, false),
    TRANSIENT(503, true),
    POLICY(403, false),
    SECURITY(403, false),
    INFRA(503, true);

    private final int httpStatus;
    private final boolean retryable;

    ReasonClass(int httpStatus, boolean retryable) {
      this.httpStatus = httpStatus;
      this.retryable = retryable;
    }
  }

  /** How loudly a reason should be reported. */
  public enum Severity {
    INFO,
    WARN,
    ERROR,
    CRITICAL
  }

  /**
   * One code.
   *
   * @param description what it means, one sentence
   * @param action what to do about it
   * @param httpStatus of a request answered with it
   * @param retryable whether the same request may succeed later
   * @param family the code all codes of this meaning begin with, else null; a family shares a page
   * @param reservedFor the part of dome that will use it, or null when something uses it now
   * @param givenBy roles outside dome's own code that may give it as their reason, or empty
   */
  public record Entry(
      ReasonCode code,
      ReasonClass reasonClass,
      Severity severity,
      String description,
      String action,
      int httpStatus,
      boolean retryable,
      String family,
      String reservedFor,
      List<String> givenBy) {

    /** The name of the code's page under doc/reason-codes: the family's where it has one. */
    public String page() {
      return family == null ? code.value() : family;
    }
  }

  /** The catalog this build was made with. */
  public static ReasonCodes standard() {
    return Standard.CATALOG;
  }

  /**
   * The catalog in a {@code reason.codes} document.
   *
   * @throws IllegalArgumentException when the bytes are not such a document or hold a code twice
   */
  public static ReasonCodes read(byte[] utf8) {
    return new ReasonCodes(Json.read(utf8, Document.class));
  }

  public String version() {
    return version;
  }

  public boolean contains(ReasonCode code) {
    return entries.containsKey(code);
  }

  public Optional<Entry> find(ReasonCode code) {
    return Optional.ofNullable(entries.get(code));
  }

  /**
   * The entry of a code that dome's own code chose.
   *
   * @throws IllegalArgumentException when the catalog does not have it, which is a defect
   */
  public Entry get(ReasonCode code) {
    Entry entry = entries.get(code);
    if (entry == null) {
      throw new IllegalArgumentException("not in the reason-code catalog: " + code);
    }
    return entry;
  }

  /** All entries, by code. */
  public Collection<Entry> all() {
    return entries.values();
  }

  /** Loads once, on first use. */
  private static final class Standard {
    private static final ReasonCodes CATALOG = load();

    private static ReasonCodes load() {
      try (InputStream in = ReasonCodes.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new IllegalStateException("the jar was built without " + RESOURCE);
        }
        return read(in.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private record Document(String version, List<Row> codes) {}

  private record Row(
      ReasonCode code,
      @JsonProperty("class") ReasonClass reasonClass,
      Severity severity,
      String description,
      String action,
      Integer httpStatus,
      Boolean retryable,
      String family,
      String reservedFor,
      List<String> givenBy) {

    Entry toEntry() {
      return new Entry(
          code,
          reasonClass,
          severity,
          description,
          action,
          httpStatus == null ? reasonClass.httpStatus : httpStatus,
          retryable == null ? reasonClass.retryable : retryable,
          family,
          reservedFor,
          givenBy == null ? List.of() : List.copyOf(givenBy));
    }
  }
}
