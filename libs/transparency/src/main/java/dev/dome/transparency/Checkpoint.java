package dev.dome.transparency;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a log says of itself, as C2SP tlog-checkpoint writes it: origin, size, root.
 *
 * @param origin the log's name
 */
public record Checkpoint(String origin, TreeHead head) {
  private static final Pattern SIZE = Pattern.compile("0|[1-9]\\d{0,17}");

  /** The text that is signed. */
  String text() {
    return origin
        + "\n"
        + head.size()
        + "\n"
        + Base64.getEncoder().encodeToString(head.root())
        + "\n";
  }

  /** The checkpoint as it is published, with a signature of each key. */
  public String signed(List<CheckpointSigner> signers) {
    byte[] text = text().getBytes(StandardCharsets.UTF_8);
    return new SignedNote(text(), signers.stream().map(signer -> signer.line(text)).toList())
        .published();
  }

  /** The checkpoint of a note, signed or not; empty when the note is none. */
  public static Optional<Checkpoint> parse(String published) {
    return SignedNote.parse(published).flatMap(note -> ofText(note.text()));
  }

  /** The checkpoint of a note that one of the keys signed; empty when none did. */
  public static Optional<Checkpoint> verified(String published, List<NoteKey> keys) {
    return SignedNote.parse(published)
        .filter(note -> keys.stream().anyMatch(key -> signed(note, key)))
        .flatMap(note -> ofText(note.text()))
        .filter(checkpoint -> keys.stream().anyMatch(key -> key.name().equals(checkpoint.origin)));
  }

  private static boolean signed(SignedNote note, NoteKey key) {
    byte[] text = note.text().getBytes(StandardCharsets.UTF_8);
    return note.signatures().stream()
        .filter(line -> line.name().equals(key.name()))
        .filter(line -> java.util.Arrays.equals(line.keyId(), key.shortId()))
        .anyMatch(line -> key.verifies(text, line.signature()));
  }

  private static Optional<Checkpoint> ofText(String text) {
    List<String> lines = text.lines().toList();
    if (lines.size() != 3 || !SIZE.matcher(lines.get(1)).matches()) {
      return Optional.empty();
    }
    try {
      byte[] root = Base64.getDecoder().decode(lines.get(2));
      Checkpoint read =
          new Checkpoint(lines.get(0), new TreeHead(Long.parseLong(lines.get(1)), root));
      return Optional.of(read).filter(same -> same.text().equals(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
