package dev.dome.web.identity;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings by property, without the framework that maps them. */
record GivenConfig(Map<String, String> settings) implements IdentityConfig {
  private static final String PREFIX = "dome.identity.";

  private Optional<String> value(String name) {
    return Optional.ofNullable(settings.get(PREFIX + name));
  }

  @Override
  public Trusted tokens() {
    return new Given("tokens.");
  }

  @Override
  public Trusted kubernetes() {
    return new Given("kubernetes.");
  }

  @Override
  public Optional<Path> grantsFile() {
    return value("grants-file").map(Path::of);
  }

  @Override
  public Duration clockSkew() {
    return Duration.parse(value("clock-skew").orElse("PT5S"));
  }

  private final class Given implements Trusted {
    private final String name;

    private Given(String name) {
      this.name = name;
    }

    @Override
    public Optional<String> issuer() {
      return value(name + "issuer");
    }

    @Override
    public Optional<String> audience() {
      return value(name + "audience");
    }

    @Override
    public List<String> algorithms() {
      return List.of(value(name + "algorithms").orElseThrow().split(",", -1));
    }

    @Override
    public Optional<String> keysLocation() {
      return value(name + "keys-location");
    }

    @Override
    public Optional<Path> keysCaFile() {
      return Optional.empty();
    }

    @Override
    public Optional<Path> keysTokenFile() {
      return Optional.empty();
    }

    @Override
    public Duration keysRefresh() {
      return Duration.ofMinutes(5);
    }

    @Override
    public Duration keysKept() {
      return Duration.ofHours(24);
    }
  }
}
