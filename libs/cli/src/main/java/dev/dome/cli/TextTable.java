package dev.dome.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** JSON as aligned text: a list of objects as rows, one object as name and value. */
final class TextTable {
  private TextTable() {}

  static String of(JsonNode data) {
    if (data.isArray() && data.isEmpty()) {
      return "nothing found\n";
    }
    if (data.isArray() && data.get(0).isObject()) {
      return aligned(rows(data));
    }
    if (data.isObject()) {
      return aligned(
          data.properties().stream()
              .map(field -> List.of(field.getKey(), text(field.getValue())))
              .toList());
    }
    return text(data) + "\n";
  }

  private static List<List<String>> rows(JsonNode objects) {
    var names = new LinkedHashSet<String>();
    objects.forEach(object -> object.fieldNames().forEachRemaining(names::add));
    var rows = new ArrayList<List<String>>();
    rows.add(names.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList());
    for (var object : objects) {
      rows.add(names.stream().map(name -> text(object.path(name))).toList());
    }
    return rows;
  }

  private static String text(JsonNode value) {
    return value.isContainerNode() ? value.toString() : value.asText("");
  }

  private static String aligned(List<List<String>> rows) {
    var widths = new int[rows.getFirst().size()];
    for (var row : rows) {
      for (var column = 0; column < row.size(); column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
  }

  private static String line(List<String> row, int[] widths) {
    var line = new StringBuilder();
    for (var column = 0; column < row.size(); column++) {
      line.append(row.get(column)).repeat(" ", widths[column] - row.get(column).length() + 2);
    }
    return line.toString().stripTrailing() + "\n";
  }
}
