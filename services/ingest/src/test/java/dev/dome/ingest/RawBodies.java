package dev.dome.ingest;

import static io.restassured.config.EncoderConfig.encoderConfig;

import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;

/** Sends bytes as they are, with the content type as it is. */
final class RawBodies {
  static final RestAssuredConfig CONFIG =
      RestAssuredConfig.config()
          .encoderConfig(
              encoderConfig()
                  .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                  .encodeContentTypeAs("application/json", ContentType.BINARY)
                  .encodeContentTypeAs("multipart/form-data; boundary=x", ContentType.BINARY)
                  .encodeContentTypeAs("application/xml", ContentType.BINARY));

  private RawBodies() {}
}
