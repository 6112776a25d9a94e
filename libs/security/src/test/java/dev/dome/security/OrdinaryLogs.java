package dev.dome.security;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;

/** Lines as builds, servers and tools write them, made from a seed: full of digests and numbers. */
final class OrdinaryLogs {
  private static final List<String> WORDS =
      List.of(
          "compile",
          "token",
          "password",
          "secret",
          "session",
          "cache",
          "worker",
          "Key",
          "queue",
          "credential",
          "api",
          "lease",
          "index",
          "bearer",
          "upload",
          "module",
          "auth",
          "policy");

  private final SplittableRandom random;

  OrdinaryLogs(long seed) {
    this.random = new SplittableRandom(seed);
  }

  List<String> lines(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(line(i % 16));
    }
    return lines;
  }

  private String line(int form) {
    return switch (form) {
      case 0 ->
          "2026-11-26T09:%02d:11.%03dZ INFO  [%s] run %s moved to RUNNING sequence=%d"
              .formatted(number(60), number(1000), word(), uuid(), number(9999));
      case 1 ->
          "127.0.0.1 - - [26/Nov/2026:09:00:%02d +0000] \"GET /v1/%s/%s HTTP/1.1\" 200 %d \"-\" \"curl/8.5.0\""
              .formatted(number(60), word(), uuid(), number(99_999));
      case 2 ->
          "[INFO] Tests run: %d, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: %d.%d s -- in dev.example.%sTest"
              .formatted(number(500), number(9), number(999), capital(word()));
      case 3 -> "commit " + hex(40);
      case 4 -> "sha256:" + hex(64) + " " + word() + ".tar.gz";
      case 5 ->
          "Downloaded from central: https://repo.example.org/maven2/org/%s/%s-%d.%d.jar (%d kB at %d MB/s)"
              .formatted(word(), word(), number(9), number(99), number(9999), number(90));
      case 6 ->
          "[%d.%03ds][info][gc] GC(%d) Pause Young (Normal) 24M->%dM(256M) %d.%03dms"
              .formatted(
                  number(999), number(1000), number(400), number(200), number(40), number(1000));
      case 7 ->
          "\tat dev.example.%s.%sService.lambda$%s$%d(%sService.java:%d)"
              .formatted(word(), capital(word()), word(), number(9), capital(word()), number(400));
      case 8 -> "the %s of the %s was refreshed in %d ms".formatted(word(), word(), number(999));
      case 9 ->
          "max_tokens: %d, prompt_tokens=%d, tokens per second: %d"
              .formatted(number(9999), number(9999), number(99));
      case 10 ->
          "{\"trace_id\":\"%s\",\"span_id\":\"%s\",\"%s_count\":%d}"
              .formatted(hex(32), hex(16), word(), number(9999));
      case 11 -> "index %s..%s 100644".formatted(hex(10), hex(10));
      case 12 ->
          "%s.%s(%s.get%s(), new %sCache<>(%d));"
              .formatted(word(), word(), word(), capital(word()), capital(word()), number(99));
      case 13 ->
          "drwxr-xr-x %d build build %d Nov 26 09:00 %s-%s-%d"
              .formatted(number(9), number(99_999), word(), word(), number(99));
      case 14 ->
          "Step %d/%d : COPY --from=build /app/%s /opt/%s".formatted(number(9), 9, word(), word());
      default ->
          "warning: %s is missing; see https://docs.example.org/%s#%s-%d"
              .formatted(word(), word(), word(), number(99));
    };
  }

  private int number(int bound) {
    return random.nextInt(bound);
  }

  private String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  private String hex(int digits) {
    byte[] bytes = new byte[digits / 2];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private String uuid() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
