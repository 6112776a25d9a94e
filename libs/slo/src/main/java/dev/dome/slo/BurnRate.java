package dev.dome.slo;

import java.util.List;

/**
 * How fast an error budget burns, seen over two windows: the long one says that it matters, the
 * short one that it still goes on. Factors and windows are those of Google's SRE Workbook, chapter
 * 5, for a budget of 30 days.
 *
 * @param factor 1 uses the budget up exactly at the end of its window
 * @param severity page or ticket
 */
record BurnRate(
    String name, double factor, String severity, String longWindow, String shortWindow) {

  static final List<BurnRate> ALL =
      List.of(
          new BurnRate("BurnsFast", 14.4, "page", "1h", "5m"),
          new BurnRate("Burns", 6, "page", "6h", "30m"),
          new BurnRate("BurnsSlowly", 3, "ticket", "1d", "2h"),
          new BurnRate("BurnsOverDays", 1, "ticket", "3d", "6h"));

  /** Every window that a rule looks at. */
  static final List<String> WINDOWS = List.of("5m", "30m", "1h", "2h", "6h", "1d", "3d");

  /** Minutes of a window such as {@code 6h}. */
  static int minutes(String window) {
    int number = Integer.parseInt(window.substring(0, window.length() - 1));
    return switch (window.charAt(window.length() - 1)) {
      case 'm' -> number;
      case 'h' -> number * 60;
      case 'd' -> number * 24 * 60;
      default -> throw new IllegalArgumentException(window);
    };
  }
}
