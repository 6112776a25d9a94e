package dev.dome.verification.invariant;

import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Strings that were sent in as secrets and must be found nowhere: neither as they are nor as JSON,
 * a URL or Base64 writes them. Content of any size is read piece by piece.
 */
public final class PlantedSecrets {
  private static final int PIECE_BYTES = 1 << 16;
  private static final int BASE64_BYTES = 3;
  private static final int BASE64_CHARS = 4;
  private static final String UNRESERVED_SIGNS = "-._~";

  /** One way in which one secret may be written. */
  // The bytes are searched for and never compared as a component.
  @SuppressWarnings("ArrayRecordComponent")
  private record Form(int number, byte[] bytes) {}

  /** As many as two bytes can be. */
  private static final int KEYS = 1 << 16;

  private final List<Form> forms = new ArrayList<>();

  /** The forms by their first two bytes: most places of a content begin none of them. */
  private final List<List<Form>> byStart = new ArrayList<>(Collections.nCopies(KEYS, List.of()));

  private final int longest;

  /**
   * The secrets, numbered from 1 in their order.
   *
   * @param secrets of eight characters or more each: a shorter one is found by chance
   * @throws IllegalArgumentException when one is shorter
   */
  public PlantedSecrets(List<String> secrets) {
    for (int i = 0; i < secrets.size(); i++) {
      if (secrets.get(i).length() < 8) {
        throw new IllegalArgumentException("planted secret no. " + (i + 1) + " is too short");
      }
      add(i + 1, secrets.get(i));
    }
    for (Form form : forms) {
      int key = key(form.bytes(), 0);
      List<Form> sharing = new ArrayList<>(byStart.get(key));
      sharing.add(form);
      byStart.set(key, List.copyOf(sharing));
    }
    this.longest = forms.stream().mapToInt(form -> form.bytes().length).max().orElse(0);
  }

  private void add(int number, String secret) {
    byte[] plain = secret.getBytes(StandardCharsets.UTF_8);
    forms.add(new Form(number, plain));
    byte[] quoted = Json.write(secret);
    if (quoted.length - 2 != plain.length) {
      forms.add(new Form(number, Arrays.copyOfRange(quoted, 1, quoted.length - 1)));
    }
    byte[] inUrl = escaped(plain);
    if (inUrl.length != plain.length) {
      forms.add(new Form(number, inUrl));
    }
    for (int before = 0; before < BASE64_BYTES; before++) {
      forms.add(new Form(number, base64(plain, before)));
    }
  }

  /** As a URL holds it; what RFC 3986 calls unreserved stands for itself. */
  private static byte[] escaped(byte[] plain) {
    StringBuilder escaped = new StringBuilder();
    for (byte b : plain) {
      char c = (char) (b & 0xff);
      if (c < 128 && (Character.isLetterOrDigit(c) || UNRESERVED_SIGNS.indexOf(c) >= 0)) {
        escaped.append(c);
      } else {
        escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return escaped.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** What Base64 makes of the bytes behind some others, without what those others have part in. */
  private static byte[] base64(byte[] plain, int before) {
    byte[] shifted = new byte[before + plain.length];
    System.arraycopy(plain, 0, shifted, before, plain.length);
    byte[] encoded = Base64.getEncoder().withoutPadding().encode(shifted);
    int from = before == 0 ? 0 : before + 1;
    int to = shifted.length / BASE64_BYTES * BASE64_CHARS;
    return Arrays.copyOfRange(encoded, from, to);
  }

  public boolean isEmpty() {
    return forms.isEmpty();
  }

  /** The numbers of the secrets that the text holds. */
  public SortedSet<Integer> in(String text) {
    return in(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The numbers of the secrets that the content holds. */
  public SortedSet<Integer> in(byte[] content) {
    SortedSet<Integer> found = new TreeSet<>();
    search(content, content.length, found);
    return found;
  }

  /**
   * The numbers of the secrets that the content holds. It is read to its end.
   *
   * @throws IOException when it cannot be read
   */
  public SortedSet<Integer> in(InputStream content) throws IOException {
    SortedSet<Integer> found = new TreeSet<>();
    byte[] window = new byte[PIECE_BYTES + longest];
    int kept = 0;
    for (int read = content.read(window, kept, PIECE_BYTES);
        read >= 0;
        read = content.read(window, kept, PIECE_BYTES)) {
      int filled = kept + read;
      search(window, filled, found);
      kept = Math.min(longest, filled);
      System.arraycopy(window, filled - kept, window, 0, kept);
    }
    return found;
  }

  private void search(byte[] content, int length, Set<Integer> found) {
    for (int at = 0; at + 1 < length; at++) {
      for (Form form : byStart.get(key(content, at))) {
        int end = at + form.bytes().length;
        if (end <= length
            && Arrays.equals(content, at, end, form.bytes(), 0, form.bytes().length)) {
          found.add(form.number());
        }
      }
    }
  }

  private static int key(byte[] bytes, int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }

  /** Says where secrets were found, without saying them. */
  public static List<Violation> found(String place, Set<Integer> numbers) {
    return numbers.stream()
        .map(number ->
            new Violation(Invariant.NO_SECRETS, place, "holds planted secret no. " + number))
        .toList();
  }
}
