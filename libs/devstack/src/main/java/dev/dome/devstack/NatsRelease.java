package dev.dome.devstack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The project's own release of nats-server, of a fixed version and checked against its digest. */
final class NatsRelease implements NatsBinary.Source {
  private static final String VERSION = "2.12.1";
  private static final String BASE = "https://github.com/nats-io/nats-server/releases/download/";

  /** SHA-256 of the archives as the official container image pins them. */
  private static final Map<String, String> DIGESTS =
      Map.of(
          "linux-amd64", "a104163114e292f90233afd8cf2bd745d2f04d53948db987ad018735449a2232",
          "linux-arm64", "1e31b395fbe6443d54a70cedb3f66d6871525a7c9a9862ebdfeb55df7158ecc7");

  private final String base;

  NatsRelease() {
    this(BASE);
  }

  NatsRelease(String base) {
    this.base = base;
  }

  @Override
  public String name() {
    return "release v" + VERSION;
  }

  @Override
  public void fetch(Path directory) {
    var platform = platform();
    var digest = DIGESTS.get(platform);
    if (digest == null) {
      throw new DevstackException("no pinned archive for " + platform);
    }
    var archive = directory.resolve("archive.tar.gz");
    download(
        URI.create(base + "v" + VERSION + "/nats-server-v" + VERSION + "-" + platform + ".tar.gz"),
        archive);
    mustMatch(archive, digest);
    extract(archive, directory.resolve("nats-server"));
  }

  private static String platform() {
    var system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
    return system + (System.getProperty("os.arch").equals("aarch64") ? "-arm64" : "-amd64");
  }

  private static void download(URI address, Path target) {
    var request = HttpRequest.newBuilder(address).timeout(Duration.ofMinutes(2)).build();
    try (var client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(5))
            .build()) {
      var response = client.send(request, HttpResponse.BodyHandlers.ofFile(target));
      if (response.statusCode() != 200) {
        throw new DevstackException(address + " answered " + response.statusCode());
      }
    } catch (IOException e) {
      throw new DevstackException("cannot reach " + address.getHost(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DevstackException("interrupted during the download of nats-server", e);
    }
  }

  static void mustMatch(Path archive, String sha256) {
    try {
      var actual =
          HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive)));
      if (!actual.equals(sha256)) {
        throw new DevstackException(
            "expected SHA-256 " + sha256 + " but the archive has " + actual);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static void extract(Path archive, Path binary) {
    try (var tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().endsWith("/nats-server")) {
          Files.copy(tar, binary);
          Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
          return;
        }
      }
      throw new DevstackException("the archive has no nats-server");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
