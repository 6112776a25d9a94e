package dev.dome.cli.chaos;

import java.io.PrintWriter;
import java.util.Locale;

/** A soak for people: everything that is no table, and the tables that grew beyond the data. */
final class SoakTable {
  private SoakTable() {}

  static void print(PrintWriter out, SoakReport soak) {
    out.printf(
        Locale.ROOT,
        "%nsoak: %.1f min, %d runs%n%-44s %10s %10s %10s  %s%n",
        soak.minutes(),
        soak.runs(),
        "",
        "first",
        "last",
        "at most",
        "");
    soak.growths().stream()
        .filter(growth -> !growth.unit().equals("rows") || growth.isBeyond())
        .forEach(growth ->
            out.printf(
                "%-44s %10d %10d %10d  %s%s%n",
                growth.what(),
                growth.first(),
                growth.last(),
                growth.most(),
                growth.unit(),
                growth.isBeyond() ? " BEYOND" : ""));
    long tables = soak.growths().stream().filter(growth -> growth.unit().equals("rows")).count();
    out.printf("%d tables were held against the runs that were made%n", tables);
  }
}
