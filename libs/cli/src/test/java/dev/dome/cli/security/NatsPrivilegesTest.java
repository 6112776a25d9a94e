package dev.dome.cli.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NatsPrivilegesTest {
  @Test
  void noUserMayDoWhatIsNotItsServices() throws Exception {
    // A short path: a server may put a socket there.
    Path directory = Files.createTempDirectory("dome-users");

    assertThat(NatsPrivileges.tried(Path.of(System.getProperty("dome.root")), directory))
        .hasSizeGreaterThan(80)
        .allMatch(NatsPrivileges.Attempt::refused);
  }
}
