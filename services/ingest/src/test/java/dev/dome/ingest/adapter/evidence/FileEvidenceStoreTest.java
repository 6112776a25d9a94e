package dev.dome.ingest.adapter.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.ingest.application.EvidenceStore;
import dev.dome.ingest.application.EvidenceStore.Draft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileEvidenceStoreTest extends EvidenceStoreContract {
  private static final NamespaceId NAMESPACE = new NamespaceId("team-f");

  @TempDir static Path root;
  private static FileEvidenceStore store;

  @BeforeAll
  static void open() throws IOException {
    store = FileEvidenceStore.in(root);
  }

  @AfterAll
  static void close() throws IOException {
    store.close();
  }

  @Override
  EvidenceStore store() {
    return store;
  }

  @Test
  void filesAreTheirOwnersOnly() throws IOException {
    byte[] content = fresh(100);
    keep(NAMESPACE, content, "text/plain");
    Path object = root.resolve("objects/team-f").resolve(digest(content).value().substring(0, 2));
    try (Stream<Path> files = Files.walk(object)) {
      for (Path each : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
            .as(each.toString())
            .isEqualTo(Files.isDirectory(each) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void whatAnEndedProcessHadStagedIsRemovedAtTheNextStart(@TempDir Path own) throws IOException {
    Path left = Files.createDirectories(own.resolve("staging/ended/1")).resolve("content");
    Files.write(left, fresh(100));
    try (FileEvidenceStore next = FileEvidenceStore.in(own)) {
      assertThat(next).isNotNull();
      assertThat(own.resolve("staging/ended")).doesNotExist();
    }
  }

  @Test
  void whatALivingStoreHasStagedStays(@TempDir Path own) throws IOException {
    byte[] content = fresh(100);
    try (FileEvidenceStore living = FileEvidenceStore.in(own);
        Draft draft = living.begin(NAMESPACE)) {
      draft.write(ByteBuffer.wrap(content));
      FileEvidenceStore.in(own).close();
      assertThat(draft.keep(describe(content, "text/plain")).isNew()).isTrue();
      assertThat(living.find(NAMESPACE, digest(content))).isPresent();
    }
  }

  @Test
  void aClosedStoreLeavesNothingStaged(@TempDir Path own) throws IOException {
    try (FileEvidenceStore closing = FileEvidenceStore.in(own);
        Draft draft = closing.begin(NAMESPACE)) {
      draft.write(ByteBuffer.wrap(fresh(100)));
    }
    try (Stream<Path> staged = Files.list(own.resolve("staging"))) {
      assertThat(staged.filter(Files::isDirectory).toList()).isEqualTo(List.of());
    }
  }

  @Test
  void aLinkThatLeadsOutIsNotFollowed(@TempDir Path outside) throws IOException {
    NamespaceId linked = new NamespaceId("linked");
    Files.createSymbolicLink(root.resolve("objects/linked"), outside);
    assertThatThrownBy(() -> store.find(linked, digest(fresh(10))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("PATH.SYMLINK");
  }
}
