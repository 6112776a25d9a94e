package dev.dome.cli.audit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gov.loc.repository.bagit.exceptions.CorruptChecksumException;
import gov.loc.repository.bagit.exceptions.FileNotInManifestException;
import gov.loc.repository.bagit.exceptions.FileNotInPayloadDirectoryException;
import gov.loc.repository.bagit.reader.BagReader;
import gov.loc.repository.bagit.verify.BagVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Library of Congress' own validator of the format judges a bag of ours. */
class BagItInteropTest {
  // Held here because the JDK keeps loggers weakly and would forget the level.
  private static final Logger VALIDATOR = Logger.getLogger("gov.loc.repository.bagit");

  private static final boolean IGNORE_HIDDEN_FILES = false;

  @TempDir private Path directory;
  private Path bag;

  @BeforeEach
  void write() throws IOException {
    VALIDATOR.setLevel(Level.SEVERE);
    bag = directory.resolve("bag");
    try (BagWriter writer = BagWriter.to(bag, "golden")) {
      writer.write(BagFiles.LEDGER, GoldenRun.lines(GoldenRun.ledger()));
      writer.write(BagFiles.RECORDS, GoldenRun.lines(GoldenRun.records()));
      writer.write(BagFiles.bundle("vsa"), new byte[] {'x'});
      writer.seal(Map.of("External-Identifier", "team-a/golden"), "read me");
      writer.publish();
    }
  }

  private void validate() throws Exception {
    try (BagVerifier verifier = new BagVerifier()) {
      verifier.isValid(new BagReader().read(bag), IGNORE_HIDDEN_FILES);
    }
  }

  @Test
  void aBagIsValid() {
    assertThatCode(this::validate).doesNotThrowAnyException();
  }

  @Test
  void aChangedFileIsFound() throws IOException {
    Files.writeString(bag.resolve(BagFiles.RECORDS), "{}");

    assertThatThrownBy(this::validate).isInstanceOf(CorruptChecksumException.class);
  }

  @Test
  void anAddedFileIsFound() throws IOException {
    Files.writeString(bag.resolve("data/more.jsonl"), "{}");

    assertThatThrownBy(this::validate).isInstanceOf(FileNotInManifestException.class);
  }

  @Test
  void aRemovedFileIsFound() throws IOException {
    Files.delete(bag.resolve(BagFiles.RECORDS));

    assertThatThrownBy(this::validate).isInstanceOf(FileNotInPayloadDirectoryException.class);
  }
}
