package dev.dome.security;

import dev.dome.contracts.id.ReasonCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Keeps paths from outside inside a root: relative, normalised, and not led out by a symbolic link.
 * What holds is what the file system says at the time of the call; whoever can change the root's
 * content afterwards is inside already.
 */
public final class PathGuard {
  private final Path root;

  /**
   * Guards one directory.
   *
   * @param root an existing directory
   * @throws UncheckedIOException when it does not exist
   */
  public PathGuard(Path root) {
    try {
      this.root = root.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A place inside the root, or why there is none. */
  public sealed interface Result {
    /**
     * The place.
     *
     * @param path absolute, inside the root; it need not exist
     */
    record Inside(Path path) implements Result {}

    record Refused(ReasonCode reasonCode) implements Result {}
  }

  /** Where a path given by a caller leads. */
  public Result resolve(String path) {
    Result malformed = checkText(path);
    if (malformed != null) {
      return malformed;
    }
    Path target;
    try {
      target = root.resolve(path).normalize();
    } catch (InvalidPathException e) {
      return refused("PATH.MALFORMED");
    }
    return leadsOut(target) ? refused("PATH.SYMLINK") : new Result.Inside(target);
  }

  /** Rules on the text alone; they hold on every system, also for the paths of another one. */
  private static Result checkText(String path) {
    if (path == null || path.isBlank() || path.chars().anyMatch(Character::isISOControl)) {
      return refused("PATH.MALFORMED");
    }
    if (path.startsWith("/") || path.startsWith("\\") || path.startsWith("~") || hasDrive(path)) {
      return refused("PATH.ABSOLUTE");
    }
    for (String segment : path.split("[/\\\\]", -1)) {
      if (segment.equals("..")) {
        return refused("PATH.TRAVERSAL");
      }
    }
    return null;
  }

  private static boolean hasDrive(String path) {
    return path.length() >= 2 && path.charAt(1) == ':' && Character.isLetter(path.charAt(0));
  }

  /** Whether the deepest part of the target that exists really lies elsewhere. */
  private boolean leadsOut(Path target) {
    Path existing = target;
    while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.getParent();
    }
    try {
      return !existing.toRealPath().startsWith(root);
    } catch (IOException e) {
      // A link without a target, or one that cannot be followed, is not a place inside the root.
      return true;
    }
  }

  private static Result refused(String code) {
    return new Result.Refused(new ReasonCode(code));
  }
}
