package dev.dome.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that servers are verified against in place of the JVM's own. */
public final class TrustedCertificates {
  private TrustedCertificates() {}

  /**
   * A client of HTTP that trusts the certificates of the file, or the JVM's where there is none.
   *
   * @throws UncheckedIOException when the file cannot be read or has none
   */
  public static HttpClient client(Duration connectTimeout, Optional<Path> pem) {
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(connectTimeout);
    try {
      return pem.isPresent() ? builder.sslContext(in(pem.get())).build() : builder.build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * TLS that trusts the certificates of the file and no others.
   *
   * @param pem X.509 certificates as PEM, at least one
   * @throws IOException when the file cannot be read or has none
   */
  public static SSLContext in(Path pem) throws IOException {
    try (var in = Files.newInputStream(pem)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new IOException(pem + " has no certificate");
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("trusted-" + store.size(), certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(pem + " is not a file of certificates (PEM)", e);
    }
  }
}
