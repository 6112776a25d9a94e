package dev.dome.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeException;
import dev.dome.client.model.Task;
import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.verification.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** Tells the demo: headings, calls, decisions with their reasons. */
final class Narrator {
  private final PrintWriter out;
  private final String api;

  /**
   * A narrator.
   *
   * @param api base address of the server
   */
  Narrator(PrintWriter out, String api) {
    this.out = out;
    this.api = api;
  }

  void chapter(int number, int of, String title) {
    out.println();
    out.println(Ansi.AUTO.string("@|bold ── " + number + "/" + of + "  " + title + "|@"));
    out.flush();
  }

  void say(String text) {
    out.println("   " + text);
    out.flush();
  }

  /** A value behind an aligned name. */
  void fact(String name, String value) {
    say(String.format(Locale.ROOT, "%-10s %s", name, value));
  }

  /** The same call by hand. */
  void curl(String method, String path, String subject, String roles, String body) {
    String data = body == null ? "" : " -H 'Content-Type: application/json' -d " + body;
    say(
        Ansi.AUTO.string("@|faint $|@ ")
            + "curl -sS -X %s %s%s -H \"Authorization: Bearer $(./dome token --sub %s --role %s)\"%s"
                .formatted(method, api, path, subject, roles, data));
  }

  /** A command that follows, as it is typed. */
  void command(String line) {
    say(Ansi.AUTO.string("@|faint $|@ ") + line);
  }

  /** The status and the reason of a refusal. */
  void refusal(DomeException refused) {
    fact("answer", Integer.toString(refused.status()));
    refused.reasonCode().ifPresent(code -> reason(code.value()));
  }

  /** A gate or promotion decision in one line, and a line for each of its reasons. */
  void decision(String name, String verdict, JsonNode decision) {
    fact(
        name,
        "%s  confidence %s  risk %s"
            .formatted(
                verdict,
                decision.path("confidence").asText(),
                decision.path("risk_score").asText()));
    decision.path("reason_codes").forEach(code -> reason(code.asText()));
  }

  void reason(String code) {
    String meaning =
        ReasonCodes.standard()
            .find(new ReasonCode(code))
            .map(ReasonCodes.Entry::description)
            .orElse("");
    fact("", code + "  " + meaning);
  }

  /** What the tasks' commands did. */
  void commands(List<Task> tasks) {
    for (Task task : tasks) {
      if (!task.command().isEmpty() && task.result() != null) {
        JsonNode exit = task.result().path("evidence").path("signals").path("exit_status");
        String how = exit.isMissingNode() ? "" : "  → exit status " + exit.asInt();
        fact("ran", shortened(String.join(" ", task.command())) + how);
      }
    }
  }

  void journal(Finding finding) {
    fact(
        "journal",
        switch (finding) {
          case Finding.Match match ->
              "%d rows, no gap, every hash recomputed here, head %s…"
                  .formatted(match.sequence(), match.headHash().substring(0, 16));
          case Finding.Difference difference ->
              "BROKEN at row %d: %s".formatted(difference.sequence(), difference.what());
        });
  }

  private static String shortened(String text) {
    return text.length() <= 72 ? text : text.substring(0, 71) + "…";
  }
}
