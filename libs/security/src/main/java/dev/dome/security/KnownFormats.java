package dev.dome.security;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;

/** Secrets that can be told by their form alone: keys with a prefix, PEM blocks, JWTs. */
final class KnownFormats {
  private static final int MIN_CHARS = 18;
  private static final int MIN_URL_CHARS = 8;

  private KnownFormats() {}

  /**
   * A form.
   *
   * @param hint what every match contains, in lower case: a text without it is not searched
   * @param minChars no match is shorter
   */
  private record Form(String name, String hint, int minChars, Pattern pattern)
      implements SecretRule {
    Form(String name, String hint, String expression) {
      this(name, hint, MIN_CHARS, Pattern.compile(expression));
    }

    @Override
    public void find(String text, String lowerCase, List<Match> matches) {
      if (text.length() < minChars || !lowerCase.contains(hint)) {
        return;
      }
      Matcher matcher = pattern.matcher(text);
      int group = matcher.groupCount();
      while (matcher.find()) {
        matches.add(new Match(matcher.start(group), matcher.end(group), name));
      }
    }
  }

  /** A form with one group counts that group as the secret, one without the whole match. */
  static List<SecretRule> rules() {
    return List.of(
        new Form(
            "pem-private-key",
            "private key",
            "(?s)-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
                + ".*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\\z)"),
        new Form("jwt", "eyj", "\\beyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*"),
        new Form("aws-access-key", "akia", "\\bAKIA[A-Z2-7]{16}\\b"),
        new Form("aws-access-key", "asia", "\\bASIA[A-Z2-7]{16}\\b"),
        new Form("aws-access-key", "abia", "\\bABIA[A-Z2-7]{16}\\b"),
        new Form("aws-access-key", "acca", "\\bACCA[A-Z2-7]{16}\\b"),
        new Form("gcp-api-key", "aiza", "\\bAIza[\\w-]{35}"),
        new Form("google-oauth", "ya29.", "\\bya29\\.[\\w-]{20,}"),
        new Form("github-token", "ghp_", "\\bghp_[A-Za-z0-9]{36,255}"),
        new Form("github-token", "gho_", "\\bgho_[A-Za-z0-9]{36,255}"),
        new Form("github-token", "ghu_", "\\bghu_[A-Za-z0-9]{36,255}"),
        new Form("github-token", "ghs_", "\\bghs_[A-Za-z0-9]{36,255}"),
        new Form("github-token", "ghr_", "\\bghr_[A-Za-z0-9]{36,255}"),
        new Form("github-pat", "github_pat_", "\\bgithub_pat_\\w{22,255}"),
        new Form("gitlab-token", "glpat-", "\\bglpat-[\\w-]{20,}"),
        new Form("slack-token", "xox", "\\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
        new Form("slack-app-token", "xapp-", "\\bxapp-[A-Za-z0-9-]{10,}"),
        new Form(
            "slack-webhook",
            "hooks.slack.com",
            "hooks\\.slack\\.com/(?:services|workflows)/[A-Za-z0-9+/]{20,}"),
        new Form("stripe-key", "k_", "\\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"),
        new Form("model-provider-key", "sk-", "\\bsk-(?:ant-|proj-)?[\\w-]{20,}"),
        new Form("npm-token", "npm_", "\\bnpm_[A-Za-z0-9]{36}"),
        new Form("pypi-token", "pypi-", "\\bpypi-[\\w-]{50,}"),
        new Form("docker-token", "dckr_pat_", "\\bdckr_pat_[\\w-]{20,}"),
        new Form("vault-token", "hvs.", "\\bhvs\\.[\\w-]{20,}"),
        new Form("digitalocean-token", "_v1_", "\\bdo[por]_v1_[a-f0-9]{64}"),
        new Form("sendgrid-key", "sg.", "\\bSG\\.[\\w-]{16,}\\.[\\w-]{16,}"),
        new Form(
            "url-credentials",
            "://",
            MIN_URL_CHARS,
            Pattern.compile("(?i)\\b[a-z][a-z0-9+.-]*://[^\\s/:@]*:([^\\s/@]+)@")));
  }
}
