package dev.dome.messaging;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a service's configuration says about its login at NATS. A service's mapping extends this, so
 * that the settings have the same names and the same meaning everywhere. Secrets are files.
 */
public interface LinkAccess {

  /** The user that {@link #passwordFile()} belongs to. */
  Optional<String> user();

  /** Anonymous when neither this nor {@link #credentialsFile()} is given. */
  Optional<Path> passwordFile();

  /** JWT and NKey seed, instead of user and password. */
  Optional<Path> credentialsFile();

  /** PKCS#12, with whose certificates the server is verified; needs its password file. */
  Optional<Path> trustStoreFile();

  /** Of the trust store; the two come together. */
  Optional<Path> trustStorePasswordFile();

  /**
   * The options with this login.
   *
   * @throws IllegalArgumentException when half of a pair is missing, or both logins are given
   */
  default LinkOptions applyTo(LinkOptions options) {
    return options.with(access()).with(trust(options.tls()));
  }

  private LinkOptions.Access access() {
    if (credentialsFile().isPresent()) {
      require(passwordFile().isEmpty(), "give a password file or a credentials file, not both");
      return new LinkOptions.Access.Credentials(credentialsFile().get());
    }
    if (passwordFile().isEmpty()) {
      return new LinkOptions.Access.Anonymous();
    }
    require(user().isPresent(), "the password file needs a user");
    return new LinkOptions.Access.UserPassword(user().get(), passwordFile().get());
  }

  private LinkOptions.Tls trust(LinkOptions.Tls otherwise) {
    require(
        trustStoreFile().isPresent() == trustStorePasswordFile().isPresent(),
        "a trust store and its password file come together");
    return trustStoreFile().isEmpty()
        ? otherwise
        : new LinkOptions.Tls.Trust(trustStoreFile().get(), trustStorePasswordFile().get());
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException("login at NATS: " + message);
    }
  }
}
