package dev.dome.web.identity;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** An issuer with keys that change, and the server of its key set. */
final class Issuer implements AutoCloseable {
  static final String NAME = "https://identity.example.org";

  private final HttpServer server;
  private final AtomicInteger asked = new AtomicInteger();
  private final List<PublicJsonWebKey> published = new CopyOnWriteArrayList<>();
  private volatile Answer answer = this::keySet;

  /** What the server says. */
  @FunctionalInterface
  interface Answer {
    String body() throws IOException;
  }

  Issuer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/keys",
        exchange -> {
          asked.incrementAndGet();
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          if (exchange.getRequestURI().getPath().equals("/keys/moved")) {
            exchange.getResponseHeaders().add("Location", url());
            exchange.sendResponseHeaders(302, -1);
          } else {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
  }

  int asked() {
    return asked.get();
  }

  void answers(Answer other) {
    answer = other;
  }

  static PublicJsonWebKey key(String id) {
    try {
      PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
      key.setKeyId(id);
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  void publishes(PublicJsonWebKey... keys) {
    published.clear();
    published.addAll(List.of(keys));
  }

  String keySet() {
    return new JsonWebKeySet(published.toArray(JsonWebKey[]::new)).toJson();
  }

  /** A token of a subject with the claims besides, for ten minutes from the offset. */
  static String token(PublicJsonWebKey key, String subject, Map<String, Object> more) {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(NAME);
    claims.setAudience("dome");
    claims.setSubject(subject);
    claims.setIssuedAtToNow();
    claims.setExpirationTimeMinutesInTheFuture(10);
    more.forEach(claims::setClaim);
    return signed(key, claims, Map.of());
  }

  static String signed(PublicJsonWebKey key, JwtClaims claims, Map<String, Object> headers) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKey(key.getPrivateKey());
    signature.setAlgorithmHeaderValue("ES256");
    signature.setKeyIdHeaderValue(key.getKeyId());
    headers.forEach(signature::setHeader);
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
