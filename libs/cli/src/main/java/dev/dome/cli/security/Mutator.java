package dev.dome.cli.security;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes bytes that are nearly right out of bytes that are. The same seed makes the same ones. */
final class Mutator {
  private static final int MAX_BYTES = 1 << 16;
  private static final int MAX_EDITS = 4;

  /** What parsers stumble over. */
  private static final List<String> MORSELS =
      List.of(
          "\0",
          "\r\n",
          "\r\n\r\n",
          "\"",
          "\\",
          "\\u0000",
          "\\ud800",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "-",
          "1e999",
          "-0",
          "99999999999999999999",
          "NaN",
          "null",
          "%00",
          "%2e%2e/",
          "%zz",
          "../",
          "\u202e",
          "\ufeff",
          "\u00e9",
          "\ud83d\ude80",
          "\t",
          "'",
          "`",
          "$(x)",
          "${x}",
          "*",
          ">",
          "token=",
          "password: ",
          "-----BEGIN PRIVATE KEY-----",
          "eyJ",
          "://a:b@",
          "sha256:",
          "AKIA");

  private final SplittableRandom random;
  private final List<byte[]> sound;

  /**
   * A mutator.
   *
   * @param sound what to begin with
   */
  Mutator(long seed, List<byte[]> sound) {
    this.random = new SplittableRandom(seed);
    this.sound = List.copyOf(sound);
  }

  /** The next input. */
  byte[] next() {
    byte[] bytes = pick().clone();
    int edits = 1 + random.nextInt(MAX_EDITS);
    for (int i = 0; i < edits; i++) {
      bytes = edited(bytes);
    }
    return bytes.length > MAX_BYTES ? Arrays.copyOf(bytes, MAX_BYTES) : bytes;
  }

  private byte[] pick() {
    return sound.get(random.nextInt(sound.size()));
  }

  private byte[] edited(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int end = Math.min(bytes.length, at + random.nextInt(1 + bytes.length / 4));
    return switch (random.nextInt(6)) {
      case 0 -> flipped(bytes, at);
      case 1 -> spliced(bytes, at, morsel(), at);
      case 2 -> spliced(bytes, at, new byte[0], end);
      case 3 -> spliced(bytes, at, Arrays.copyOfRange(bytes, at, end), at);
      case 4 -> spliced(bytes, at, repeated(), at);
      default -> crossed(bytes, at);
    };
  }

  private byte[] flipped(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    if (at < copy.length) {
      copy[at] ^= (byte) (1 << random.nextInt(8));
    }
    return copy;
  }

  private byte[] morsel() {
    return MORSELS.get(random.nextInt(MORSELS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] repeated() {
    String morsel = MORSELS.get(random.nextInt(MORSELS.size()));
    return morsel.repeat(1 + random.nextInt(200)).getBytes(StandardCharsets.UTF_8);
  }

  /** The beginning of one and the end of another. */
  private byte[] crossed(byte[] bytes, int at) {
    byte[] other = pick();
    int from = random.nextInt(other.length + 1);
    return spliced(bytes, at, Arrays.copyOfRange(other, from, other.length), bytes.length);
  }

  private static byte[] spliced(byte[] bytes, int from, byte[] middle, int to) {
    byte[] made = new byte[from + middle.length + bytes.length - to];
    System.arraycopy(bytes, 0, made, 0, from);
    System.arraycopy(middle, 0, made, from, middle.length);
    System.arraycopy(bytes, to, made, from + middle.length, bytes.length - to);
    return made;
  }
}
