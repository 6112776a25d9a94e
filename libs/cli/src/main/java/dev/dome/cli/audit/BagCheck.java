package dev.dome.cli.audit;

import dev.dome.security.PathGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks a bag's files: complete, nothing beside them, each with the digest its manifest names, and
 * none outside the bag.
 */
final class BagCheck {
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *]([^\\s%\\\\]+)");
  private static final long MAX_TAG_FILE_BYTES = 1 << 20;

  /** A line for each file. */
  private static final long MAX_MANIFEST_BYTES = 64 << 20;

  private final Path root;
  private final PathGuard guard;

  private BagCheck(Path root) {
    this.root = root;
    this.guard = new PathGuard(root);
  }

  /**
   * The fields of bag-info.txt of a bag that holds.
   *
   * @throws Failure at the first thing that does not
   */
  static Map<String, String> of(Path root) throws IOException {
    Failure.unless(Files.isDirectory(root), Failure.MALFORMED, root + " is no directory");
    BagCheck check = new BagCheck(root);
    List<String> files = check.regularFiles();
    Failure.unless(
        check.text(BagFiles.DECLARATION).equals(BagFiles.DECLARED),
        Failure.MALFORMED,
        BagFiles.DECLARATION + " does not declare BagIt 1.0");
    check.digests(
        BagFiles.TAG_MANIFEST,
        files.stream()
            .filter(name -> !BagFiles.isPayload(name) && !name.equals(BagFiles.TAG_MANIFEST))
            .toList());
    for (String needed : List.of(BagFiles.INFO, BagFiles.MANIFEST, BagFiles.README)) {
      Failure.unless(files.contains(needed), Failure.MISSING, needed + " is missing");
    }
    check.digests(BagFiles.MANIFEST, files.stream().filter(BagFiles::isPayload).toList());
    Map<String, String> info = fields(check.text(BagFiles.INFO));
    check.oxum(info, files.stream().filter(BagFiles::isPayload).toList());
    return info;
  }

  /** A link, a pipe or a device would let content change behind the digests. */
  private List<String> regularFiles() throws IOException {
    List<String> files = BagFiles.below(root);
    Failure.unless(
        files.size() <= BagArchive.MAX_FILES,
        Failure.LIMIT,
        "the bag has more than " + BagArchive.MAX_FILES + " files");
    for (String name : files) {
      Failure.unless(
          Files.isRegularFile(root.resolve(name), LinkOption.NOFOLLOW_LINKS),
          Failure.PATH,
          name + " is no regular file");
      Failure.unless(
          name.indexOf('/') < 0 || BagFiles.isPayload(name),
          Failure.ADDED,
          name + " is in no place of a bag");
    }
    return files;
  }

  private void digests(String manifest, List<String> files) throws IOException {
    Map<String, String> listed = manifest(manifest);
    Set<String> present = new HashSet<>(files);
    for (String name : files) {
      Failure.unless(
          listed.containsKey(name), Failure.ADDED, name + " is not listed in " + manifest);
    }
    for (Map.Entry<String, String> entry : listed.entrySet()) {
      String name = entry.getKey();
      Failure.unless(
          present.contains(name),
          Failure.MISSING,
          name + " is listed in " + manifest + " but missing");
      Failure.unless(
          BagFiles.sha256(root.resolve(name)).equals(entry.getValue()),
          Failure.CHANGED,
          name + " has another digest than " + manifest + " names");
    }
  }

  private Map<String, String> manifest(String name) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    long limit = name.equals(BagFiles.MANIFEST) ? MAX_MANIFEST_BYTES : MAX_TAG_FILE_BYTES;
    for (String line : text(name, limit).lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      Failure.unless(
          matcher.matches(), Failure.MALFORMED, name + " has a line that is no digest and path");
      String path = matcher.group(2);
      switch (guard.resolve(path)) {
        case PathGuard.Result.Inside inside -> {}
        case PathGuard.Result.Refused refused ->
            throw new Failure(
                Failure.PATH, name + " names a path outside the bag: " + refused.reasonCode());
      }
      Failure.unless(
          digests.put(path, matcher.group(1)) == null,
          Failure.MALFORMED,
          name + " names " + path + " twice");
    }
    return digests;
  }

  private void oxum(Map<String, String> info, List<String> payload) throws IOException {
    long bytes = 0;
    for (String name : payload) {
      bytes += Files.size(root.resolve(name));
    }
    String found = bytes + "." + payload.size();
    Failure.unless(
        found.equals(info.get("Payload-Oxum")),
        Failure.CHANGED,
        "Payload-Oxum expected " + found + " but was " + info.get("Payload-Oxum"));
  }

  private static Map<String, String> fields(String text) {
    Map<String, String> fields = new TreeMap<>();
    for (String line : text.lines().toList()) {
      int colon = line.indexOf(": ");
      Failure.unless(colon > 0, Failure.MALFORMED, BagFiles.INFO + " has a line that is no field");
      String label = line.substring(0, colon);
      Failure.unless(
          fields.put(label, line.substring(colon + 2)) == null,
          Failure.MALFORMED,
          BagFiles.INFO + " names " + label + " twice");
    }
    return fields;
  }

  private String text(String name) throws IOException {
    return text(name, MAX_TAG_FILE_BYTES);
  }

  private String text(String name, long maxBytes) throws IOException {
    Path file = root.resolve(name);
    Failure.unless(
        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS),
        Failure.MISSING,
        name + " is missing");
    Failure.unless(Files.size(file) <= maxBytes, Failure.LIMIT, name + " is too large");
    return Lines.utf8(Files.readAllBytes(file), name);
  }
}
