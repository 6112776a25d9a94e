package dev.dome.ingest.application;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What content says it is: a type and a subtype (RFC 6838 section 4.2) in lower case, and nothing
 * else but the charset of UTF-8 text.
 */
public record MediaType(@JsonValue String value) {
  /** The form of a Content-Type header that is taken. */
  public static final Pattern PATTERN =
      Pattern.compile(
          "[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}"
              + "(?:; ?charset=\"?(?:utf-8|us-ascii)\"?)?");

  public static final MediaType OCTET_STREAM = new MediaType("application/octet-stream");

  /** Content of several parts has no meaning of its own here. */
  private static final Set<String> COMPOSITE = Set.of("multipart", "message");

  private static final Set<String> TEXTS =
      Set.of(
          "application/json",
          "application/ld+json",
          "application/ndjson",
          "application/x-ndjson",
          "application/javascript",
          "application/toml",
          "application/xml",
          "application/yaml",
          "application/x-yaml",
          "image/svg+xml");

  /** What a browser shows without running anything. */
  private static final Set<String> SHOWN =
      Set.of("text/plain", "application/json", "image/png", "image/jpeg", "image/gif");

  @JsonCreator
  public MediaType {
    if (!PATTERN.matcher(value).matches()) {
      throw new IllegalArgumentException("expected a media type but was another text");
    }
  }

  /** The type of a header; OCTET_STREAM without one, empty for one that is not taken. */
  public static Optional<MediaType> ofHeader(String header) {
    if (header == null) {
      return Optional.of(OCTET_STREAM);
    }
    String value = header.strip().toLowerCase(Locale.ROOT);
    return PATTERN.matcher(value).matches()
            && !COMPOSITE.contains(value.substring(0, value.indexOf('/')))
        ? Optional.of(new MediaType(value))
        : Optional.empty();
  }

  /** Whether the content says that it is text. */
  public boolean isText() {
    String plain = withoutParameter();
    return plain.startsWith("text/")
        || plain.endsWith("+json")
        || plain.endsWith("+xml")
        || TEXTS.contains(plain)
        || !plain.equals(value);
  }

  /** Whether a browser may show the content in place. */
  public boolean mayBeShown() {
    return SHOWN.contains(withoutParameter());
  }

  private String withoutParameter() {
    int end = value.indexOf(';');
    return end < 0 ? value : value.substring(0, end);
  }

  @Override
  public String toString() {
    return value;
  }
}
