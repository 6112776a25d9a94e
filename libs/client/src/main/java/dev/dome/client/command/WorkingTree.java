package dev.dome.client.command;

import dev.dome.contracts.id.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a directory holds at one moment: files by the digest of their content, links by their
 * target, never followed. Times are not looked at, since a command can set them.
 *
 * @param entries relative paths with {@code /}, to what stands there
 * @param outward the paths of links that lead out of the directory
 */
record WorkingTree(SortedMap<String, String> entries, SortedSet<String> outward) {

  static WorkingTree of(Path directory) throws IOException {
    SortedMap<String, String> entries = new TreeMap<>();
    SortedSet<String> outward = new TreeSet<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.filter(path -> !path.equals(directory)).toList()) {
        if (!Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
          String name = slashed(directory.relativize(each));
          entries.put(name, standing(each));
          if (Files.isSymbolicLink(each) && leadsOut(each, directory.toRealPath())) {
            outward.add(name);
          }
        }
      }
    }
    return new WorkingTree(entries, outward);
  }

  /** Segment by segment: a backslash within a name must not become a directory. */
  private static String slashed(Path relative) {
    return StreamSupport.stream(relative.spliterator(), false)
        .map(Path::toString)
        .collect(Collectors.joining("/"));
  }

  /** Where a link leads; one without a target leads where the target would be. */
  private static boolean leadsOut(Path link, Path root) throws IOException {
    Path target;
    try {
      target = link.toRealPath();
    } catch (FileSystemException e) {
      target = link.getParent().toRealPath().resolve(Files.readSymbolicLink(link)).normalize();
    }
    return !target.startsWith(root);
  }

  /** Whether a link leads out of the directory from a path. */
  boolean leadsOut(String path) {
    return outward.contains(path);
  }

  /** The paths that were added, removed or changed since, sorted. */
  List<String> changedSince(WorkingTree before) {
    SortedSet<String> paths = new TreeSet<>(entries.keySet());
    paths.addAll(before.entries.keySet());
    return paths.stream()
        .filter(path -> !Objects.equals(entries.get(path), before.entries.get(path)))
        .toList();
  }

  private static String standing(Path path) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(path, "isSymbolicLink,isRegularFile", LinkOption.NOFOLLOW_LINKS);
    if (attributes.get("isSymbolicLink").equals(true)) {
      return "link " + Files.readSymbolicLink(path);
    }
    return attributes.get("isRegularFile").equals(true) ? "file " + digest(path) : "special";
  }

  private static Sha256 digest(Path file) throws IOException {
    MessageDigest sha256 = sha256();
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
      in.transferTo(out);
    }
    return new Sha256(HexFormat.of().formatHex(sha256.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
