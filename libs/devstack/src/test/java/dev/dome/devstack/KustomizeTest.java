package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KustomizeTest {
  @TempDir Path folder;

  @Test
  void whatIsBroughtRendersAFolder() throws Exception {
    Files.writeString(
        folder.resolve("map.yaml"), "{apiVersion: v1, kind: ConfigMap, metadata: {name: m}}");
    Files.writeString(
        folder.resolve("kustomization.yaml"), "{namePrefix: a-, resources: [map.yaml]}");

    var rendered = Kustomize.brought(Cache.ofThisMachine()).build(folder);

    assertThat(rendered).contains("name: a-m");
  }

  @Test
  void aFolderThatIsNoneIsRefusedInKustomizesWords() {
    assertThatThrownBy(() -> Kustomize.find().build(folder))
        .isInstanceOf(DevstackException.class)
        .hasMessageContaining("kustomization.yaml");
  }
}
