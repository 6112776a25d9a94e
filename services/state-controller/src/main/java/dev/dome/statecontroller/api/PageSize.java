package dev.dome.statecontroller.api;

import dev.dome.web.RequestValues;

/** How many items of a list a caller gets at once. */
final class PageSize {
  static final int DEFAULT = 50;
  static final int MAX = 200;

  private PageSize() {}

  static int of(String text) {
    return (int) RequestValues.number(text, "page_size", DEFAULT, 1, MAX);
  }
}
