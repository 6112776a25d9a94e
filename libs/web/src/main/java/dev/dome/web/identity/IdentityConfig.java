package dev.dome.web.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whose tokens are believed. */
@ConfigMapping(prefix = "dome.identity")
public interface IdentityConfig {
  /** The issuer of people's and services' tokens. */
  Trusted tokens();

  /** The cluster whose service-account tokens are believed too, once its issuer is named. */
  Trusted kubernetes();

  /** Roles and queues of subjects whose tokens carry none, as JSON; read at the start. */
  Optional<Path> grantsFile();

  /** How far the issuer's clock may be from this one; a minute at most. */
  @WithDefault("5s")
  Duration clockSkew();

  /** One issuer. */
  interface Trusted {
    /** Who must have issued a token (`iss`). */
    Optional<String> issuer();

    /** Whom the token must be meant for (`aud`). */
    Optional<String> audience();

    /** What tokens may be signed with; any other is refused before a key is looked at. */
    List<String> algorithms();

    /** The issuer's public keys: a PEM or JWKS file, or the https URL of a JWKS. */
    Optional<String> keysLocation();

    /** Certificates (PEM) that the URL is verified against, instead of the JVM's. */
    Optional<Path> keysCaFile();

    /** The bearer token shown to the URL, where it asks for one. */
    Optional<Path> keysTokenFile();

    /** How old keys may be before they are read again, beside the requests. */
    @WithDefault("5m")
    Duration keysRefresh();

    /** How long the last known keys are believed while they cannot be read. */
    @WithDefault("24h")
    Duration keysKept();
  }
}
