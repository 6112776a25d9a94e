package dev.dome.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A certificate of 127.0.0.1 that is its own authority, in the forms that servers and clients want:
 * {@code tls.crt}, {@code tls.key}, {@code truststore.p12} and {@code truststore-password}.
 */
record Certificates(Path directory) {
  private static final String PASSWORD = "of-a-test";
  private static final String ALIAS = "server";

  static Certificates in(Path directory) throws Exception {
    Files.createDirectories(directory);
    Path store = directory.resolve("server.p12");
    keytool(
        List.of(
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=ip:127.0.0.1,dns:localhost",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD));
    Certificates made = new Certificates(directory);
    made.split(store);
    return made;
  }

  private static void keytool(List<String> arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException("keytool made no certificate");
    }
  }

  private void split(Path store) throws GeneralSecurityException, IOException {
    KeyStore both = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    pem(certificate(), "CERTIFICATE", both.getCertificate(ALIAS).getEncoded());
    pem(key(), "PRIVATE KEY", both.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
    // PostgreSQL refuses a key that others may read.
    Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-------"));
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(ALIAS, both.getCertificate(ALIAS));
    try (var out = Files.newOutputStream(trustStore())) {
      trusted.store(out, PASSWORD.toCharArray());
    }
    Files.writeString(trustStorePassword(), PASSWORD);
  }

  private static void pem(Path file, String label, byte[] encoded) throws IOException {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(encoded);
    Files.writeString(
        file, "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(label, base64, label));
  }

  Path certificate() {
    return directory.resolve("tls.crt");
  }

  Path key() {
    return directory.resolve("tls.key");
  }

  Path trustStore() {
    return directory.resolve("truststore.p12");
  }

  Path trustStorePassword() {
    return directory.resolve("truststore-password");
  }
}
