package dev.dome.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Mixin of commands that list page by page: where to go on, and how a person does. */
public final class PageOption {
  private static final String NAME = "--cursor";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@,+-]+");

  @Option(names = NAME, description = "Go on after an earlier page.")
  private Optional<String> cursor = Optional.empty();

  /** Adds the place to go on at to the parameters of a list. */
  public void addTo(Map<String, String> parameters) {
    cursor.ifPresent(at -> parameters.put("cursor", at));
  }

  /** Shows a person the command of the page after this one, where there is one. */
  public void showNext(CommandSpec spec, OutputOption output, JsonNode page) {
    showNext(spec, output, Optional.ofNullable(page.path("next_cursor").textValue()));
  }

  /** As above, of a cursor; empty at the end of the list. */
  public void showNext(CommandSpec spec, OutputOption output, Optional<String> next) {
    if (output.isForPeople()) {
      next.ifPresent(at -> spec.commandLine().getErr().println("more: " + command(spec, at)));
    }
  }

  /** The whole command as it was given: a cursor is of one list under one filter. */
  private static String command(CommandSpec spec, String next) {
    List<String> words = new ArrayList<>(List.of("./dome"));
    Iterator<String> given = spec.root().commandLine().getParseResult().originalArgs().iterator();
    while (given.hasNext()) {
      String word = given.next();
      if (word.equals(NAME)) {
        given.next();
      } else if (!word.startsWith(NAME + "=")) {
        words.add(word);
      }
    }
    words.add(NAME);
    words.add(next);
    return words.stream().map(PageOption::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
