package dev.dome.cli.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  static final String DECLARED = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

  static final String TRUSTED_ROOT = "data/trusted_root.json";
  static final String KEYS = "data/keys.json";
  static final List<String> STATEMENTS_OF_A_RUN = List.of("provenance", "run-gate", "vsa");

  /** The name of a statement: its kind, or the id of a replay. */
  static final Pattern STATEMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,127}");

  private static final String STATEMENTS = "data/statements/";
  private static final String BUNDLE = ".sigstore.json";
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
      return all.filter(path -> !Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS))
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
