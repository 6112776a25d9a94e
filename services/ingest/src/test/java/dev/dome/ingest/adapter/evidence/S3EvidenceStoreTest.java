package dev.dome.ingest.adapter.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.devstack.Ports;
import dev.dome.ingest.application.EvidenceStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The contract against a server that speaks S3 and checks signatures, as a process of its own. */
class S3EvidenceStoreTest extends EvidenceStoreContract {
  private static final String ACCESS = "local-access";
  private static final String SIGNING = "local-signing";
  private static final String BUCKET = "evidence";

  @TempDir static Path directory;
  private static Process server;
  private static URI endpoint;
  private static S3EvidenceStore store;

  @BeforeAll
  static void start() throws IOException {
    int port = Ports.free();
    endpoint = URI.create("http://127.0.0.1:" + port);
    Path data = Files.createDirectory(directory.resolve("data"));
    Path settings = directory.resolve("s3proxy.conf");
    Files.writeString(
        settings,
        """
        s3proxy.endpoint=%s
        s3proxy.authorization=aws-v2-or-v4
        s3proxy.identity=%s
        s3proxy.credential=%s
        jclouds.provider=filesystem-nio2
        jclouds.filesystem.basedir=%s
        jclouds.identity=unused
        jclouds.credential=unused
        """
            .formatted(endpoint, ACCESS, SIGNING, data));
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                Path.of(System.getProperty("dome.root"), "libs/s3server/target/lib") + "/*",
                "org.gaul.s3proxy.Main",
                "--properties",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("s3proxy.log").toFile())
            .start();
    await("S3 on port " + port).atMost(Duration.ofSeconds(60)).until(() -> listens(port));
    try (S3Client admin =
        S3Client.builder()
            .endpointOverride(endpoint)
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .httpClientBuilder(
                software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient.builder())
            .credentialsProvider(credentials(SIGNING))
            .build()) {
      admin.createBucket(request -> request.bucket(BUCKET));
    }
    store = S3EvidenceStore.in(bucket(endpoint), credentials(SIGNING), directory.resolve("root"));
  }

  private static boolean listens(int port) {
    assertThat(server.isAlive()).isTrue();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static S3EvidenceStore.Bucket bucket(URI at) {
    return new S3EvidenceStore.Bucket(BUCKET, "dome/", "us-east-1", Optional.of(at));
  }

  private static StaticCredentialsProvider credentials(String signing) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS, signing));
  }

  @AfterAll
  static void stop() throws IOException, InterruptedException {
    store.close();
    server.destroyForcibly().waitFor();
  }

  @Override
  EvidenceStore store() {
    return store;
  }

  @Test
  void nothingStaysOnLocalDisk() throws IOException {
    keep(new NamespaceId("team-s"), fresh(1_000), "text/plain");
    try (Stream<Path> left = Files.walk(directory.resolve("root"))) {
      assertThat(left.filter(path -> path.endsWith(StagedContent.CONTENT)).toList())
          .isEqualTo(List.of());
    }
  }

  @Test
  void credentialsThatAreNotTakenAreAFailureThatDoesNotTellThem(@TempDir Path own)
      throws IOException {
    try (S3EvidenceStore wrong =
        S3EvidenceStore.in(bucket(endpoint), credentials("another"), own)) {
      assertThatThrownBy(() -> wrong.find(new NamespaceId("team-s"), digest(fresh(10))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("403")
          .message()
          .doesNotContain("another", ACCESS);
    }
  }

  @Test
  void aServerThatIsAwayIsAFailure(@TempDir Path own) throws IOException {
    URI away = URI.create("http://127.0.0.1:" + Ports.free());
    try (S3EvidenceStore store = S3EvidenceStore.in(bucket(away), credentials(SIGNING), own)) {
      assertThatThrownBy(() -> store.find(new NamespaceId("team-s"), digest(fresh(10))))
          .isInstanceOf(IOException.class);
    }
  }
}
