package dev.dome.transparency;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * That a log has an entry, as a text that stands for itself: C2SP tlog-proof without extra data.
 *
 * @param index of the entry
 * @param path of {@link Tree#inclusion} in the log of the checkpoint's size
 * @param checkpoint as it was published, with its signatures
 */
public record TlogProof(long index, List<byte[]> path, String checkpoint) {
  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final String INDEX = "index ";
  private static final Pattern NUMBER = Pattern.compile("0|[1-9]\\d{0,17}");

  public TlogProof {
    path = List.copyOf(path);
  }

  /**
   * The proof that a Sigstore bundle carries for its one entry.
   *
   * @param bundle one that {@link BundleCheck} accepts
   */
  public static TlogProof ofBundle(JsonNode bundle) {
    JsonNode proof = bundle.at("/verificationMaterial/tlogEntries/0/inclusionProof");
    List<byte[]> path = new ArrayList<>();
    proof.path("hashes").forEach(hash -> path.add(Base64.getDecoder().decode(hash.asText())));
    return new TlogProof(
        Long.parseLong(proof.path("logIndex").asText()),
        path,
        proof.at("/checkpoint/envelope").asText());
  }

  /** The file's text. */
  public String text() {
    StringBuilder text = new StringBuilder(HEADER).append('\n').append(INDEX).append(index);
    text.append('\n');
    path.forEach(hash -> text.append(Envelope.base64(hash)).append('\n'));
    return text.append('\n').append(checkpoint).toString();
  }

  /** The proof of a text; empty when the text is none, to the last byte, or has extra data. */
  public static Optional<TlogProof> parse(String text) {
    int split = text.indexOf("\n\n");
    List<String> lines = split < 0 ? List.of() : text.substring(0, split).lines().toList();
    if (lines.size() < 2 || !lines.get(1).startsWith(INDEX)) {
      return Optional.empty();
    }
    String index = lines.get(1).substring(INDEX.length());
    if (!NUMBER.matcher(index).matches()) {
      return Optional.empty();
    }
    try {
      TlogProof read =
          new TlogProof(
              Long.parseLong(index),
              lines.stream().skip(2).map(Base64.getDecoder()::decode).toList(),
              text.substring(split + 2));
      return Optional.of(read).filter(same -> same.text().equals(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The checkpoint whose log has the entry; empty when no key signed it or the path leads not. */
  public Optional<Checkpoint> verified(byte[] entry, List<NoteKey> logs) {
    return Checkpoint.verified(checkpoint, logs)
        .filter(signed -> Proofs.includes(signed.head(), index, Hashes.leaf(entry), path));
  }
}
