package dev.dome.retryscheduler.adapter.db;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What guards the tasks of an open run, of those that more than the default queue guards. */
@Entity(name = "RunGuards")
@Table(name = "run_guards")
class RunGuardsEntity {
  private static final TypeReference<Map<String, List<String>>> GUARDS = new TypeReference<>() {};

  @Id
  @Column(name = "run_uid")
  String runUid;

  @Column(nullable = false)
  String guards;

  RunGuardsEntity() {}

  static RunGuardsEntity of(RunUid runUid, Map<TaskId, List<BreakerKey>> tasks) {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    tasks.forEach(
        (task, keys) -> texts.put(task.value(), keys.stream().map(BreakerKey::value).toList()));
    RunGuardsEntity entity = new RunGuardsEntity();
    entity.runUid = runUid.value();
    entity.guards = new String(Json.write(texts), StandardCharsets.UTF_8);
    return entity;
  }

  Map<TaskId, List<BreakerKey>> tasks() {
    Map<TaskId, List<BreakerKey>> tasks = new LinkedHashMap<>();
    read(guards)
        .forEach((task, keys) ->
            tasks.put(new TaskId(task), keys.stream().map(BreakerKey::new).toList()));
    return tasks;
  }

  private static Map<String, List<String>> read(String json) {
    try {
      return Json.mapper().readValue(json, GUARDS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("expected the guards of a run's tasks", e);
    }
  }
}
