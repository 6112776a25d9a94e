package dev.dome.web.identity;

import dev.dome.security.TrustedCertificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Where an issuer's keys are, and the only place they are read from: no redirect is followed and
 * nothing that a token says ({@code jku}, {@code x5u}, {@code jwk}) leads anywhere. An answer has
 * three seconds and 256 KiB.
 */
sealed interface KeyLocation {
  int MAX_BYTES = 256 * 1024;
  String TOO_LARGE = "expected at most " + MAX_BYTES + " bytes of keys";
  Duration PATIENCE = Duration.ofSeconds(3);

  /**
   * What is there now; blocks for {@link #PATIENCE} at most.
   *
   * @throws IOException when it cannot be read, is too large or takes too long
   */
  byte[] read() throws IOException, InterruptedException;

  /** Whether a wait for it may be long, so that a start does not depend on it. */
  boolean isRemote();

  /** A file of this machine; {@code text} is a path or a file: URL. */
  record InFile(Path file) implements KeyLocation {
    @Override
    public byte[] read() throws IOException {
      try (var in = Files.newInputStream(file)) {
        return bounded(in.readNBytes(MAX_BYTES + 1));
      }
    }

    @Override
    public boolean isRemote() {
      return false;
    }
  }

  /** A server; {@code token} is a file with the bearer token to show, read anew each time. */
  record AtUrl(URI url, Optional<Path> token, HttpClient http) implements KeyLocation {
    @Override
    public byte[] read() throws IOException, InterruptedException {
      HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(PATIENCE).GET();
      if (token.isPresent()) {
        request.header("Authorization", "Bearer " + Files.readString(token.get()).strip());
      }
      Gathered body = new Gathered(new ByteArrayOutputStream());
      CompletableFuture<HttpResponse<Void>> asked =
          http.sendAsync(request.build(), BodyHandlers.ofByteArrayConsumer(body));
      try {
        HttpResponse<Void> answer = asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (answer.statusCode() != 200) {
          throw new IOException("expected status 200 but was " + answer.statusCode());
        }
        return body.bytes().toByteArray();
      } catch (ExecutionException e) {
        throw new IOException(e.getCause());
      } catch (TimeoutException e) {
        throw new IOException("no whole answer within " + PATIENCE.toSeconds() + " s", e);
      } finally {
        asked.cancel(true);
      }
    }

    @Override
    public boolean isRemote() {
      return true;
    }
  }

  /** A body as it comes; what goes beyond the limit ends the exchange. */
  record Gathered(ByteArrayOutputStream bytes) implements Consumer<Optional<byte[]>> {
    @Override
    public void accept(Optional<byte[]> part) {
      part.ifPresent(bytes::writeBytes);
      if (bytes.size() > MAX_BYTES) {
        throw new UncheckedIOException(new IOException(TOO_LARGE));
      }
    }
  }

  /**
   * The location that a setting names.
   *
   * @throws IllegalArgumentException for a URL that is neither https nor on this machine, that has
   *     user information or that is of another kind
   * @throws IOException when the certificates cannot be read
   */
  static KeyLocation of(String setting, Optional<Path> certificates, Optional<Path> token)
      throws IOException {
    URI url = setting.matches("[a-z]+:.*") ? URI.create(setting) : Path.of(setting).toUri();
    return switch (url.getScheme()) {
      case "file" -> new InFile(Path.of(url));
      case "https" -> new AtUrl(plain(url), token, client(certificates));
      case "http" -> new AtUrl(onThisMachine(plain(url)), token, client(certificates));
      default ->
          throw new IllegalArgumentException(
              "expected keys in a file or at an https URL but was " + url.getScheme());
    };
  }

  private static URI plain(URI url) {
    if (url.getHost() == null || url.getUserInfo() != null) {
      throw new IllegalArgumentException("expected a URL of keys with a host and no user");
    }
    return url;
  }

  private static URI onThisMachine(URI url) throws IOException {
    if (!InetAddress.getByName(url.getHost()).isLoopbackAddress()) {
      throw new IllegalArgumentException("expected https for keys beyond this machine");
    }
    return url;
  }

  private static HttpClient client(Optional<Path> certificates) throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE);
    if (certificates.isPresent()) {
      builder.sslContext(TrustedCertificates.in(certificates.get()));
    }
    return builder.build();
  }

  private static byte[] bounded(byte[] read) throws IOException {
    if (read.length > MAX_BYTES) {
      throw new IOException(TOO_LARGE);
    }
    return read;
  }
}
