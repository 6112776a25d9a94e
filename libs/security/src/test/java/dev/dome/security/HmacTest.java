package dev.dome.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HmacTest {
  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;

  /** RFC 4231, test case 6: a key longer than the block. */
  @Test
  void agreesWithThePublishedVector() {
    byte[] key = new byte[131];
    Arrays.fill(key, (byte) 0xaa);
    byte[] data =
        "Test Using Larger Than Block-Size Key - Hash Key First".getBytes(StandardCharsets.UTF_8);

    assertThat(Hmac.of(key).hex(data))
        .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  }

  @Test
  void readsAKeyFileOfItsOwnerAlone() throws IOException {
    Path file = keyFile("rw-------", HexFormat.of().formatHex(new byte[32]) + "\n");
    Hmac read = Hmac.load(file);
    Hmac made = Hmac.of("0".repeat(64).getBytes(StandardCharsets.UTF_8));

    assertThat(read.hex(BODY)).isEqualTo(made.hex(BODY));
    assertThat(read.keyId()).isEqualTo(made.keyId()).matches("hmac-[0-9a-f]{16}");
  }

  @Test
  void refusesAKeyFileThatOthersMayReadOrTheGroupMayWrite() throws IOException {
    for (String mode : List.of("rw-r--r--", "rw-rw----", "rw----r--", "rwx------")) {
      Path file = keyFile(mode, "0".repeat(64));

      assertThatThrownBy(() -> Hmac.load(file)).as(mode).hasMessageContaining("mode 600");
    }
  }

  @Test
  void readsAKeyFileAsKubernetesMountsASecret() throws IOException {
    assertThat(Hmac.load(keyFile("r--r-----", "0".repeat(64))).keyId()).startsWith("hmac-");
  }

  @Test
  void refusesAShortKey() throws IOException {
    Path file = keyFile("rw-------", "secret\n");

    assertThatThrownBy(() -> Hmac.load(file)).hasMessageContaining("at least 32 bytes");
  }

  @Test
  void anotherKeyHasAnotherNameAndOtherDigests() {
    Hmac one = Hmac.of("1".repeat(32).getBytes(StandardCharsets.UTF_8));
    Hmac two = Hmac.of("2".repeat(32).getBytes(StandardCharsets.UTF_8));

    assertThat(one.keyId()).isNotEqualTo(two.keyId());
    assertThat(one.hex(BODY)).isNotEqualTo(two.hex(BODY));
  }

  private Path keyFile(String mode, String content) throws IOException {
    Path file = directory.resolve("key");
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return file;
  }
}
