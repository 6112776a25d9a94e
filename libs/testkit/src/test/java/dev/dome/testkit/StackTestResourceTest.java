package dev.dome.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StackTestResourceTest {
  @Test
  void theConfigurationIsThatOfTheNamedService() {
    var resource = new StackTestResource();

    resource.init(Map.of("service", "state-controller"));

    assertThat(resource.start())
        .containsEntry("DOME_PG_USER", "dome_state_controller")
        .containsEntry("DOME_NATS_URL", TestStack.shared().nats().url());
  }

  @Test
  void anUnknownServiceIsRefused() {
    assertThatThrownBy(() -> new StackTestResource().init(Map.of("service", "nobody")))
        .hasMessageContaining("state-controller");
  }

  @Test
  void anotherClassLoaderSharesTheServersOfTheJvm() throws Exception {
    var ours = TestStack.shared().nats().pid();

    try (var loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
      var type = loader.loadClass(TestStack.class.getName());
      var theirStack = type.getMethod("shared").invoke(null);
      var theirServer = type.getMethod("nats").invoke(theirStack);

      assertThat(type).isNotSameAs(TestStack.class);
      assertThat(theirServer.getClass().getMethod("pid").invoke(theirServer)).isEqualTo(ours);
    }
  }

  private static URL[] classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(":"))
        .map(entry -> java.nio.file.Path.of(entry).toUri())
        .map(uri -> {
          try {
            return uri.toURL();
          } catch (java.net.MalformedURLException e) {
            throw new IllegalStateException(e);
          }
        })
        .toArray(URL[]::new);
  }
}
