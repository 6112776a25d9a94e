package dev.dome.transparency;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Entries one after the other, each behind its length as a big-endian uint16 (tlog-tiles). */
public final class EntryBundle {
  /** The longest entry a bundle can hold. */
  public static final int MAX_ENTRY_BYTES = 65_535;

  private EntryBundle() {}

  /** The bundle with the entry behind those it has. */
  static byte[] with(byte[] bundle, List<byte[]> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bundle.length + 512 * entries.size());
    out.writeBytes(bundle);
    for (byte[] entry : entries) {
      if (entry.length > MAX_ENTRY_BYTES) {
        throw new IllegalArgumentException(
            "expected an entry of at most "
                + MAX_ENTRY_BYTES
                + " bytes but it has "
                + entry.length);
      }
      out.write(entry.length >>> 8);
      out.write(entry.length);
      out.writeBytes(entry);
    }
    return out.toByteArray();
  }

  /**
   * The entries of a bundle.
   *
   * @throws IllegalArgumentException when the bytes are none
   */
  public static List<byte[]> entries(byte[] bundle) {
    List<byte[]> entries = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bundle);
    while (in.hasRemaining()) {
      int length = in.remaining() < 2 ? Integer.MAX_VALUE : Short.toUnsignedInt(in.getShort());
      if (length > in.remaining()) {
        throw new IllegalArgumentException("an entry bundle ends inside an entry");
      }
      byte[] entry = new byte[length];
      in.get(entry);
      entries.add(entry);
    }
    return entries;
  }

  /** The bundle's first entries; the whole bundle when it has no more. */
  public static byte[] first(byte[] bundle, int width) {
    int end = 0;
    for (int i = 0; i < width && end + 1 < bundle.length; i++) {
      end += 2 + (((bundle[end] & 0xff) << 8) | (bundle[end + 1] & 0xff));
    }
    return end >= bundle.length ? bundle : Arrays.copyOf(bundle, end);
  }
}
