package dev.dome.devstack;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The classes of all services of one build. Services with a database share an archive of their
 * libraries; those of ingest are half as many, and it has its own.
 */
final class BuildClasses {
  private final Map<DomeService, ServiceClasses> services;

  private BuildClasses(Map<DomeService, ServiceClasses> services) {
    this.services = services;
  }

  /** Those of the repository's build output. */
  static BuildClasses of(Path root, Cache cache) {
    var services = new EnumMap<DomeService, ServiceClasses>(DomeService.class);
    var groups =
        Stream.of(DomeService.values())
            .collect(Collectors.partitioningBy(service -> service.schema().isPresent()));
    groups.values().forEach(group -> services.putAll(group(group, root, cache)));
    return new BuildClasses(services);
  }

  private static Map<DomeService, ServiceClasses> group(
      List<DomeService> group, Path root, Cache cache) {
    var jars =
        group.stream()
            .collect(
                Collectors.toMap(service -> service, service -> RunJar.read(service.jar(root))));
    var archive =
        LibraryArchive.of(
            group.stream().map(DomeService::serviceName).toList(),
            group.stream().map(jars::get).toList(),
            cache);
    return group.stream()
        .collect(
            Collectors.toMap(
                service -> service,
                service -> new ServiceClasses(service.serviceName(), jars.get(service), archive)));
  }

  ServiceClasses of(DomeService service) {
    return services.get(service);
  }

  /** Whether later starts find all that there can be. */
  boolean areArchived() {
    return services.values().stream().allMatch(ServiceClasses::isArchived);
  }

  /** Makes the archives that are missing, as far as services have run without them. */
  void makeArchives(Progress progress) {
    services.values().stream()
        .map(ServiceClasses::libraries)
        .distinct()
        .filter(LibraryArchive::canBeMade)
        .forEach(archive ->
            progress.step(
                "archive the classes of " + String.join(", ", archive.services()), archive::make));
  }

  /** Deletes what earlier builds left. */
  void deleteOlder() {
    services.values().forEach(ServiceClasses::deleteOlder);
  }
}
