package dev.dome.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlogProofTest {
  private static final byte[] ENTRY = "entry 5".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private List<NoteKey> keys;
  private TlogProof proof;

  @BeforeEach
  void logged() throws Exception {
    CheckpointSigner signer = new CheckpointSigner("example.test/log", TestKeys.ed25519(folder));
    MemoryLog log = new MemoryLog();
    log.add(Entries.of(0, 9));
    keys = List.of(signer.key());
    proof =
        new TlogProof(
            5,
            new Tree(9, log).inclusion(5),
            new Checkpoint("example.test/log", log.head()).signed(List.of(signer)));
  }

  @Test
  void a_proof_is_the_text_that_the_format_names() {
    List<String> lines = proof.text().lines().toList();

    assertThat(lines).startsWith("c2sp.org/tlog-proof@v1", "index 5");
    assertThat(lines.subList(2, 6)).allMatch(line -> line.length() == 44);
    assertThat(lines.subList(6, 9)).containsExactly("", "example.test/log", "9");
  }

  @Test
  void what_was_written_is_read_and_holds() {
    TlogProof read = TlogProof.parse(proof.text()).orElseThrow();

    assertThat(read.verified(ENTRY, keys)).map(Checkpoint::origin).hasValue("example.test/log");
    assertThat(read.verified("other".getBytes(StandardCharsets.UTF_8), keys)).isEmpty();
    assertThat(read.verified(ENTRY, List.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"index 5, index 6", "9, 8", "example.test, example.tost"})
  void what_was_changed_does_not_hold(String part, String other) {
    String changed = proof.text().replaceFirst(part, other);

    assertThat(TlogProof.parse(changed).flatMap(read -> read.verified(ENTRY, keys))).isEmpty();
  }

  /** A tilde stands for a line feed, a hash for a carriage return. */
  @ParameterizedTest
  @CsvSource({
    "tlog-proof@v1, tlog-proof@v2",
    "index 5, index 05",
    "index 5, index -5",
    "index 5, index 5~",
    "index 5, extra AA==~index 5",
    "index 5, index 5#"
  })
  void another_writing_is_no_proof(String part, String other) {
    String changed = proof.text().replace(part, other.replace('~', '\n').replace('#', '\r'));

    assertThat(TlogProof.parse(changed).flatMap(read -> read.verified(ENTRY, keys))).isEmpty();
  }

  @Test
  void what_is_no_text_of_a_proof_is_none() {
    assertThat(TlogProof.parse("")).isEmpty();
    assertThat(TlogProof.parse("c2sp.org/tlog-proof@v1\n\n")).isEmpty();
    assertThat(TlogProof.parse(proof.text().replace("index 5\n", "index 5\n###\n"))).isEmpty();
  }
}
