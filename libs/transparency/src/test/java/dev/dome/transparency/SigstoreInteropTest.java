package dev.dome.transparency;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigstore.merkle.InclusionProofVerificationException;
import dev.sigstore.merkle.InclusionProofVerifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sigstore's own code for Java judges the proofs of this log. */
class SigstoreInteropTest {

  @Test
  void sigstoreAcceptsEveryProofAndNoneThatWasChanged() {
    MemoryLog log = new MemoryLog();
    log.add(Entries.of(0, 700));
    for (int size : new int[] {2, 255, 256, 257, 700}) {
      Tree tree = new Tree(size, log);
      byte[] root = tree.root();
      for (int index = 0; index < size; index += 1 + size / 50) {
        byte[] leaf = Hashes.leaf(Entries.of(index, index + 1).getFirst());
        List<byte[]> path = tree.inclusion(index);
        long at = index;
        assertThatCode(() -> InclusionProofVerifier.verify(leaf, at, size, path, root))
            .as("%d of %d", index, size)
            .doesNotThrowAnyException();
        List<byte[]> changed = new ArrayList<>(path);
        changed.set(0, changed.getFirst().clone());
        changed.getFirst()[31] ^= 1;
        assertThatThrownBy(() -> InclusionProofVerifier.verify(leaf, at, size, changed, root))
            .isInstanceOf(InclusionProofVerificationException.class);
      }
    }
  }
}
