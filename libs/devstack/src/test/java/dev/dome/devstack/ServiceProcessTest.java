package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceProcessTest {
  @TempDir Path directory;
  private HttpServer holder;

  /** A service of another installation on the port, ready as far as it says. */
  private int portHeldBy(long pid) throws IOException {
    holder = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    var json = "{'status':'UP','checks':[{'name':'process','data':{'pid':" + pid + "}}]}";
    var body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    holder.createContext(
        "/q/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    holder.start();
    return holder.getAddress().getPort();
  }

  @AfterEach
  void release() {
    if (holder != null) {
      holder.stop(0);
    }
  }

  @Test
  void aServiceThatFindsItsPortTakenIsNotReadyBecauseTheHolderIs() throws Exception {
    var jar = new RunJar(directory.resolve("none.jar"), List.of(), "NoSuchClass", List.of());
    var cache = new Cache(directory.resolve("cache"));
    var classes =
        new ServiceClasses(
            "ingest", jar, LibraryArchive.of(List.of("ingest"), List.of(jar), cache));
    var options =
        new ServiceProcess.Options(
            "ingest",
            DomeService.INGEST,
            classes,
            portHeldBy(1),
            Map.of(),
            directory.resolve("ingest"),
            Lifetime.WITH_PARENT,
            ServiceJvm.SMALL);

    assertThatThrownBy(() -> ServiceProcess.start(options))
        .isInstanceOf(DevstackException.class)
        .hasMessageContaining("ingest ended while starting");
  }

  @Test
  void onlyTheProcessThatWasStartedIsReady() throws Exception {
    var url = "http://127.0.0.1:" + portHeldBy(4711);

    assertThat(ServiceHealth.ready(url, 4711)).isTrue();
    assertThat(ServiceHealth.ready(url, 4712)).isFalse();
    assertThat(ServiceHealth.ready("http://127.0.0.1:" + Ports.free(), 4711)).isFalse();
  }

  @Test
  void nobodyStartsAStackInADirectoryWhereOneIsBeingStarted() {
    StartLock.during(
        directory,
        () ->
            assertThatThrownBy(
                    () -> LocalStack.start(LocalStack.Options.in(directory), Progress.silent()))
                .isInstanceOf(DevstackException.class)
                .hasMessageContaining("is being started"));

    assertThat(StartLock.<String>during(directory, () -> "free again")).isEqualTo("free again");
  }
}
