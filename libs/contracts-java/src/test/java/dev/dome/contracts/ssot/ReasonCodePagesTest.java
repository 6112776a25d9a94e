package dev.dome.contracts.ssot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.RepositoryRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonCodePagesTest {
  @TempDir Path directory;

  @Test
  void thePagesInTheRepositoryEqualTheCatalog() throws IOException {
    assertThat(filesIn(RepositoryRoot.path().resolve("doc/reason-codes")))
        .as("run the main class ReasonCodePages with doc/reason-codes")
        .isEqualTo(ReasonCodePages.pages(ReasonCodes.standard()));
  }

  @Test
  void everyCodeIsOnThePageItNames() {
    SortedMap<String, String> pages = ReasonCodePages.pages(ReasonCodes.standard());

    for (ReasonCodes.Entry entry : ReasonCodes.standard().all()) {
      assertThat(pages.get(entry.page() + ".md"))
          .contains(entry.code().value())
          .contains(entry.description())
          .contains(entry.action());
    }
  }

  @Test
  void aPageOfACodeThatIsGoneIsRemoved() throws IOException {
    Files.writeString(directory.resolve("GONE.CODE.md"), "");

    ReasonCodePages.main(new String[] {directory.toString()});

    assertThat(filesIn(directory)).isEqualTo(ReasonCodePages.pages(ReasonCodes.standard()));
  }

  private static SortedMap<String, String> filesIn(Path directory) throws IOException {
    SortedMap<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return contents;
  }
}
