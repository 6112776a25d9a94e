package dev.dome.security;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Secrets of every kind that redaction must find, made from a seed, so that none is anybody's and
 * none is written in a file where a scanner would find it. They are planted to see whether they
 * come out somewhere. Not for use by several threads.
 */
public final class SampleSecrets {
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String DIGITS = "0123456789";
  private static final String WORD = UPPER + LOWER + DIGITS;

  private final SplittableRandom random;

  /** The same seed makes the same secrets. */
  public SampleSecrets(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * A text and the part of it that must not survive.
   *
   * @param kind says in a failure what was missed
   */
  public record Planted(String kind, String text, String secret) {}

  /** Many of each kind, kind by kind in turn. */
  public List<Planted> sample(int perKind) {
    List<Planted> all = new ArrayList<>();
    for (int i = 0; i < perKind; i++) {
      known(all);
      assigned(all);
    }
    return all;
  }

  /** How many kinds there are. */
  public static int kinds() {
    return new SampleSecrets(0).sample(1).size();
  }

  private void known(List<Planted> all) {
    plant(all, "aws", "key %s used", () -> "AKIA" + text(UPPER + "234567", 16));
    plant(all, "gcp", "with %s", () -> "AIza" + text(WORD + "_-", 35));
    plant(all, "github", "push as %s.", () -> "ghp_" + text(WORD, 36));
    plant(all, "github-pat", "%s", () -> "github_pat_" + text(WORD, 22) + "_" + text(WORD, 59));
    plant(all, "gitlab", "clone with %s", () -> "glpat-" + text(WORD, 20));
    plant(all, "slack", "posted by %s", () -> "xoxb-" + text(DIGITS, 12) + "-" + text(WORD, 24));
    plant(all, "stripe", "charged by %s", () -> "sk_live_" + text(WORD, 24));
    plant(all, "npm", "//registry/:_auth %s", () -> "npm_" + text(WORD, 36));
    plant(all, "jwt", "sent %s", this::jwt);
    plant(all, "pem", "wrote\n%s\nto disk", this::pem);
    plant(all, "url", "https://robot:%s@example.org/x", () -> text(WORD, 12));
    plant(all, "google-oauth", "granted %s", () -> "ya29." + text(WORD + "_-", 40));
    plant(all, "docker", "docker login with %s", () -> "dckr_pat_" + text(WORD, 27));
    plant(all, "sendgrid", "mail by %s", () -> "SG." + text(WORD, 22) + "." + text(WORD, 43));
    plant(all, "entropy", "made %s today", () -> text(WORD + "+/", 40));
  }

  private void assigned(List<Planted> all) {
    plant(all, "env", "PATH=/bin DB_PASSWORD=%s run", () -> text(LOWER, 9));
    plant(all, "query", "/callback?access_token=%s&next=1", () -> text(WORD, 16));
    plant(all, "yaml", "api_key: %s", () -> text(LOWER, 8) + text(DIGITS, 4));
    plant(all, "json", "{\"client_secret\": \"%s\"}", () -> text(LOWER, 14));
    plant(all, "header", "Authorization: Bearer %s", () -> text(WORD, 24));
    plant(all, "basic", "authorization: Basic %s", () -> base64(18));
    plant(all, "flag", "login --password %s", () -> text(LOWER, 6) + text(DIGITS, 3));
    plant(all, "flag=", "login --token=%s", () -> text(WORD, 12));
    plant(all, "azure", "AccountName=a;AccountKey=%s;Suffix=x", () -> base64(64));
  }

  private void plant(List<Planted> all, String kind, String format, Supplier<String> secret) {
    String value = secret.get();
    all.add(new Planted(kind, format.replace("%s", value), value));
  }

  private String jwt() {
    String head =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8));
    return head + "." + text(WORD + "_-", 60) + "." + text(WORD + "_-", 43);
  }

  private String pem() {
    String kind = "PRIVATE KEY-----";
    return "-----BEGIN " + kind + "\n" + base64(48) + "\n" + base64(48) + "\n-----END " + kind;
  }

  private String base64(int bytes) {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    return Base64.getEncoder().encodeToString(content);
  }

  private String text(String alphabet, int length) {
    StringBuilder out = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      out.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return out.toString();
  }
}
