package dev.dome.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretScanTest {
  private static final String SECRET = "token=" + PlantedText.word();

  /** Words made at run time, so that no scanner of sources takes this file for a leak. */
  private static final class PlantedText {
    static String word() {
      return "aB3" + "dE5fG7hJ9kL";
    }
  }

  private static SecretScan.Result scan(byte[] content, int pieceBytes) {
    SecretScan scan = new SecretScan(PatternRedactor.standard());
    for (int from = 0; from < content.length; from += pieceBytes) {
      scan.add(ByteBuffer.wrap(content, from, Math.min(pieceBytes, content.length - from)));
    }
    return scan.finish();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {-40, -20, -19, -10, -6, -1, 0, 1, 7})
  void aSecretOnTheEdgeOfAWindowIsFound(int offset) {
    int before = SecretScan.WINDOW_CHARS + offset;
    String lines = "an ordinary line\n".repeat(before / 17 + 1).substring(0, before);
    String oneLine = " ".repeat(before);
    assertThat(scan(utf8(lines + " " + SECRET + "\nthe end"), 8192).rules()).contains("assignment");
    assertThat(scan(utf8(oneLine + SECRET + " the end"), 8192).rules()).contains("assignment");
  }

  @Test
  void aSecretAtTheVeryEndIsFound() {
    assertThat(scan(utf8("x".repeat(5) + " " + SECRET), 3).rules()).contains("assignment");
  }

  @Test
  void ordinaryTextOfManyWindowsIsClean() {
    String line = "INFO  step 17 of 40: compiled 212 files in 3.4 s, cost € 0.02\n";
    SecretScan.Result result = scan(utf8(line.repeat(8_000)), 8192);
    assertThat(result.text()).isTrue();
    assertThat(result.rules()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7})
  void aCharacterMaySpanPieces(int pieceBytes) {
    assertThat(scan(utf8("grün 漢字 🚀 " + SECRET), pieceBytes))
        .isEqualTo(scan(utf8("grün 漢字 🚀 " + SECRET), 1000));
    assertThat(scan(utf8("grün 漢字 🚀"), pieceBytes).text()).isTrue();
  }

  @Test
  void otherBytesAreNoText() {
    assertThat(scan(new byte[] {'a', (byte) 0xff, 'b'}, 1).text()).isFalse();
    assertThat(scan(new byte[] {'a', 0, 'b'}, 1).text()).isFalse();
    assertThat(scan(new byte[] {'a', (byte) 0xe2, (byte) 0x82}, 1).text())
        .as("cut in a character")
        .isFalse();
  }

  @Test
  void nothingIsText() {
    assertThat(scan(new byte[0], 1)).isEqualTo(new SecretScan.Result(true, java.util.List.of()));
  }
}
