package dev.dome.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.ReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathGuardTest {
  @TempDir Path directory;

  private Path root;
  private PathGuard guard;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectories(directory.resolve("root")).toRealPath();
    guard = new PathGuard(root);
  }

  @Test
  void aRelativePathLeadsInside() {
    assertThat(guard.resolve("a/b.txt"))
        .isEqualTo(new PathGuard.Result.Inside(root.resolve("a/b.txt")));
    assertThat(guard.resolve("a/./b..c"))
        .isEqualTo(new PathGuard.Result.Inside(root.resolve("a/b..c")));
  }

  @Test
  void everyOtherPathIsRefusedWithItsReason() {
    refused("/etc/passwd", "PATH.ABSOLUTE");
    refused("\\\\server\\share", "PATH.ABSOLUTE");
    refused("C:\\Windows", "PATH.ABSOLUTE");
    refused("~/x", "PATH.ABSOLUTE");
    refused("../x", "PATH.TRAVERSAL");
    refused("a/../../x", "PATH.TRAVERSAL");
    refused("a\\..\\x", "PATH.TRAVERSAL");
    refused("a/..", "PATH.TRAVERSAL");
    refused("", "PATH.MALFORMED");
    refused("a\0b", "PATH.MALFORMED");
    refused("a\nb", "PATH.MALFORMED");
    refused(null, "PATH.MALFORMED");
  }

  @Test
  void aLinkThatLeadsOutIsRefusedAlsoForWhatDoesNotExistYet() throws IOException {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Files.createSymbolicLink(root.resolve("out"), outside);
    Files.createSymbolicLink(root.resolve("dangling"), directory.resolve("nowhere"));

    refused("out", "PATH.SYMLINK");
    refused("out/new/file", "PATH.SYMLINK");
    refused("dangling", "PATH.SYMLINK");
  }

  @Test
  void aLinkThatStaysInsideIsFollowed() throws IOException {
    Files.createDirectories(root.resolve("real"));
    Files.createSymbolicLink(root.resolve("alias"), root.resolve("real"));

    assertThat(guard.resolve("alias/x")).isInstanceOf(PathGuard.Result.Inside.class);
  }

  private void refused(String path, String code) {
    assertThat(guard.resolve(path)).isEqualTo(new PathGuard.Result.Refused(new ReasonCode(code)));
  }
}
