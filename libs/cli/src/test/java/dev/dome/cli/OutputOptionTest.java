package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OutputOptionTest {
  private record Row(String name, int restarts) {}

  private static final List<Row> ROWS = List.of(new Row("ingest", 0), new Row("a-longer-name", 12));

  @Test
  void aTableAlignsItsColumns() {
    assertThat(printed(OutputFormat.table, ROWS))
        .isEqualTo(
            """
            NAME           RESTARTS
            ingest         0
            a-longer-name  12
            """);
  }

  @Test
  void oneObjectIsAListOfNamesAndValues() {
    assertThat(printed(OutputFormat.table, new Row("ingest", 3)))
        .isEqualTo(
            """
            name      ingest
            restarts  3
            """);
  }

  @Test
  void anEmptyListSaysSoToPeopleAndStaysAListForPrograms() {
    assertThat(printed(OutputFormat.table, List.of())).isEqualTo("nothing found\n");
    assertThat(printed(OutputFormat.json, List.of()).strip()).isEqualTo("[ ]");
  }

  @Test
  void jsonAndYamlCarryTheSameData() {
    assertThat(printed(OutputFormat.json, Map.of("name", "x"))).contains("\"name\" : \"x\"");
    assertThat(printed(OutputFormat.yaml, Map.of("name", "x"))).isEqualTo("name: \"x\"\n");
  }

  private static String printed(OutputFormat format, Object data) {
    var option = new OutputOption();
    option.format = format;
    var text = new StringWriter();
    option.print(new PrintWriter(text), data);
    return text.toString();
  }
}
