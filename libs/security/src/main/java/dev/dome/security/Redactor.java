package dev.dome.security;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.List;

/** Takes secrets out of what is about to be stored or sent on. Safe for use by many threads. */
public interface Redactor {

  /** The tree without its secrets; the argument is not changed. */
  Redaction redact(JsonNode tree);

  /** The text without its secrets, for output and log lines. */
  TextRedaction redactText(String text);

  /**
   * Whether an id that a client chose holds a secret of a known form. Ids are random by nature, so
   * that alone says nothing.
   */
  boolean secretInId(String id);

  /**
   * Whether a URL holds a secret: as it is written, once its escapes are read, or as the value of a
   * parameter whose name says so. A URL steers, so that it must be refused.
   */
  boolean secretInUrl(URI url);

  /**
   * What became of a tree.
   *
   * @param tree same structure, secrets replaced
   * @param findings what was replaced
   * @param steering secrets in fields that steer execution (command, path, id, or a field's name):
   *     these are not replaced, the document must be refused with {@code
   *     REDACTION.SECRET_IN_STEERING_FIELD}
   */
  record Redaction(JsonNode tree, List<Finding> findings, List<Finding> steering) {
    public boolean mustRefuse() {
      return !steering.isEmpty();
    }
  }

  /**
   * One secret; never the secret itself.
   *
   * @param pointer RFC 6901 JSON pointer; to the parent when the secret is a field's name
   */
  record Finding(String pointer, String rule) {}

  /** What became of a text, and the rules that matched, sorted. */
  record TextRedaction(String text, List<String> rules) {}
}
