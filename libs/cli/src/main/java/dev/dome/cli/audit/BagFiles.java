package dev.dome.cli.audit;

import dev.dome.contracts.id.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names and digests of a bag's files: BagIt 1.0, RFC 8493. */
final class BagFiles {
  static final String DECLARATION = "bagit.txt";
  static final String INFO = "bag-info.txt";
  static final String MANIFEST = "manifest-sha256.txt";
  static final String TAG_MANIFEST = "tagmanifest-sha256.txt";
  static final String README = "README.txt";
  static final String PAYLOAD = "data";
  static final String RECORDS = "data/records.jsonl";
  static final String OCSF = "data/ocsf.jsonl";
  static final String LEDGER = "data/ledger.jsonl";
  static final String LATE_REPORTS = "data/late-reports.jsonl";
  static final String RUN_MANIFEST = "data/manifest.json";

  /** Says that a bag is of a range, and of which one. */
  static final String RANGE = "data/range.json";

  /** Runs that access decisions of a range name and that never were. */
  static final String ABSENT_RUNS = "data/absent-runs.jsonl";

  static final String DECLARED = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

  static final String TRUSTED_ROOT = "data/trusted_root.json";
  static final String KEYS = "data/keys.json";
  static final List<String> STATEMENTS_OF_A_RUN = List.of("provenance", "run-gate", "vsa");

  /** The name of a statement: its kind, or the id of a replay. */
  static final Pattern STATEMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,127}");

  private static final String STATEMENTS = "data/statements/";
  private static final String RUNS = "data/runs/";
  private static final String TOMBSTONES = "data/tombstones/";
  private static final String INDEX = "(0|[1-9][0-9]{0,17})";
  private static final String BUNDLE = ".sigstore.json";
  private static final Pattern TOMBSTONE = Pattern.compile(TOMBSTONES + INDEX + "\\.json");
  private static final Pattern TOMBSTONE_BUNDLE =
      Pattern.compile(TOMBSTONES + INDEX + Pattern.quote(BUNDLE));
  private static final String PROOF = ".tlog-proof";
  private static final Set<String> PAYLOAD_FILES =
      Set.of(RECORDS, OCSF, LEDGER, LATE_REPORTS, RUN_MANIFEST, TRUSTED_ROOT, KEYS);

  private static final int BUFFER_BYTES = 1 << 16;

  private BagFiles() {}

  /** SHA-256 of a file's bytes, in lower-case hex. */
  static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digested =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      byte[] buffer = new byte[BUFFER_BYTES];
      int read = digested.read(buffer);
      while (read >= 0) {
        read = digested.read(buffer);
      }
      return HexFormat.of().formatHex(digested.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Everything below a directory that is no directory, links not followed, by name with slashes.
   */
  static List<String> below(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .map(path -> root.relativize(path).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  /** The file of a statement's Sigstore bundle. */
  static String bundle(String statement) {
    return STATEMENTS + statement + BUNDLE;
  }

  /** The file of the proof that the log has a statement. */
  static String proof(String statement) {
    return STATEMENTS + statement + PROOF;
  }

  /** The statement whose bundle or proof a file is; empty for any other file. */
  static Optional<String> statementOf(String file) {
    return Stream.of(BUNDLE, PROOF)
        .filter(ending -> file.startsWith(STATEMENTS) && file.endsWith(ending))
        .map(ending -> file.substring(STATEMENTS.length(), file.length() - ending.length()))
        .filter(name -> STATEMENT.matcher(name).matches())
        .findFirst();
  }

  /** Whether a run's bag may hold the file as payload. */
  static boolean isPartOfAnExport(String file) {
    return PAYLOAD_FILES.contains(file) || statementOf(file).isPresent();
  }

  /** Where a bag of a range has a run: below it lies what the run's own bag has, by its names. */
  static String directoryOf(String runId) {
    return RUNS + runId;
  }

  /** The run of which a bag of a range has the file; empty for any other file. */
  static Optional<String> runOf(String file) {
    int end = file.startsWith(RUNS) ? file.indexOf('/', RUNS.length()) : -1;
    return end > 0 && isPartOfAnExport(file.substring(end + 1))
        ? Optional.of(file.substring(RUNS.length(), end))
            .filter(run -> RunId.PATTERN.matcher(run).matches())
        : Optional.empty();
  }

  /** The file of a tombstone in a bag of a range. */
  static String tombstone(long index) {
    return TOMBSTONES + index + ".json";
  }

  /** The file of the Sigstore bundle of a tombstone's statement in a bag of a range. */
  static String tombstoneBundle(long index) {
    return TOMBSTONES + index + BUNDLE;
  }

  /** The index of the tombstone that a file of a range's bag is of; empty for any other file. */
  static OptionalLong tombstoneOf(String file) {
    return index(TOMBSTONE.matcher(file));
  }

  /** The index of the tombstone whose statement's bundle a file is; empty for any other file. */
  static OptionalLong tombstoneOfBundle(String file) {
    return index(TOMBSTONE_BUNDLE.matcher(file));
  }

  private static OptionalLong index(Matcher matcher) {
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  /** Whether a directory says that it is the export of a range. */
  static boolean isOfARange(Path root) {
    return Files.isRegularFile(root.resolve(RANGE), LinkOption.NOFOLLOW_LINKS);
  }

  /** Removes a directory with all that is below it. */
  static void remove(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  static boolean isPayload(String name) {
    return name.startsWith(PAYLOAD + "/");
  }
}
