package dev.dome.ingest.adapter.evidence;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.Sha256;
import dev.dome.ingest.application.Evidence;
import dev.dome.ingest.application.Evidence.Redaction;
import dev.dome.ingest.application.EvidenceStore;
import dev.dome.ingest.application.MediaType;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Evidence in a bucket: {@code <prefix><namespace>/<digest>}, what is known of it as the object's
 * metadata. Content is staged on local disk, because it may be sent only once its digest is known,
 * and appears by one conditional PUT. The budget of a call: {@link #TRY} for one try and {@link
 * #CALL} in all, within which the client tries again by its own rules.
 */
public final class S3EvidenceStore implements EvidenceStore {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration SOCKET = Duration.ofSeconds(10);
  private static final Duration TRY = Duration.ofSeconds(60);
  private static final Duration CALL = Duration.ofSeconds(90);

  /** RFC 9110: the condition of If-None-Match did not hold, so there is an object. */
  private static final int PRECONDITION_FAILED = 412;

  /** What S3 answers when two conditional PUTs of one key meet. */
  private static final int CONFLICT = 409;

  private static final String REDACTION = "dome-redaction";
  private static final String STORED_AT = "dome-stored-at";

  private final S3Client client;
  private final Bucket bucket;
  private final Staging staging;

  private S3EvidenceStore(S3Client client, Bucket bucket, Staging staging) {
    this.client = client;
    this.bucket = bucket;
    this.staging = staging;
  }

  /**
   * Where the objects are.
   *
   * @param prefix before every key, such as {@code evidence/}; may be empty
   * @param endpoint of a server other than AWS
   */
  public record Bucket(String name, String prefix, String region, Optional<URI> endpoint) {}

  /**
   * The store in a bucket that exists.
   *
   * @param root of the staging directory; made when missing
   */
  public static S3EvidenceStore in(Bucket bucket, AwsCredentialsProvider credentials, Path root)
      throws IOException {
    var client =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SOCKET))
            .overrideConfiguration(config -> config.apiCallAttemptTimeout(TRY).apiCallTimeout(CALL))
            .region(Region.of(bucket.region()))
            .credentialsProvider(credentials)
            // Content carries its SHA-256 itself; servers other than AWS know no trailing sums.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    bucket.endpoint().ifPresent(uri -> client.endpointOverride(uri).forcePathStyle(true));
    return new S3EvidenceStore(client.build(), bucket, Staging.in(root));
  }

  @Override
  public Optional<Evidence> find(NamespaceId namespace, Sha256 digest) throws IOException {
    try {
      HeadObjectResponse head =
          client.headObject(request -> request.bucket(bucket.name()).key(key(namespace, digest)));
      return Optional.of(
          evidence(digest, head.contentLength(), head.contentType(), head.metadata()));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw failed(e);
    }
  }

  @Override
  public Optional<Content> open(NamespaceId namespace, Sha256 digest) throws IOException {
    try {
      ResponseInputStream<GetObjectResponse> content =
          client.getObject(request -> request.bucket(bucket.name()).key(key(namespace, digest)));
      GetObjectResponse head = content.response();
      Evidence evidence =
          evidence(digest, head.contentLength(), head.contentType(), head.metadata());
      return Optional.of(new Content(evidence, content));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw failed(e);
    }
  }

  @Override
  public Draft begin(NamespaceId namespace) throws IOException {
    return new S3Draft(namespace, StagedContent.begin(staging));
  }

  private String key(NamespaceId namespace, Sha256 digest) {
    return bucket.prefix() + namespace + "/" + digest;
  }

  private static Evidence evidence(
      Sha256 digest, long bytes, String mediaType, Map<String, String> metadata)
      throws IOException {
    String redaction = metadata.get(REDACTION);
    if (redaction == null || !MediaType.PATTERN.matcher(mediaType).matches()) {
      throw new IOException("an object of the evidence bucket was not put there by dome");
    }
    return new Evidence(
        digest,
        bytes,
        new MediaType(mediaType),
        Redaction.valueOf(redaction),
        metadata.get(STORED_AT));
  }

  /** Without the client's own message, which may repeat what was sent. */
  private static IOException failed(SdkException e) {
    String status = e instanceof S3Exception answered ? " status " + answered.statusCode() : "";
    return new IOException("the bucket failed: " + e.getClass().getSimpleName() + status, e);
  }

  @Override
  public void close() throws IOException {
    client.close();
    staging.close();
  }

  private final class S3Draft implements Draft {
    private final NamespaceId namespace;
    private final StagedContent content;

    private S3Draft(NamespaceId namespace, StagedContent content) {
      this.namespace = namespace;
      this.content = content;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      content.write(bytes);
    }

    @Override
    public Kept keep(Evidence evidence) throws IOException {
      Path staged = content.finish().resolve(StagedContent.CONTENT);
      Optional<Evidence> before = find(namespace, evidence.sha256());
      if (before.isPresent()) {
        return new Kept(before.get(), false);
      }
      try {
        put(evidence, staged);
        return new Kept(evidence, true);
      } catch (S3Exception e) {
        if (e.statusCode() != PRECONDITION_FAILED && e.statusCode() != CONFLICT) {
          throw failed(e);
        }
        return new Kept(find(namespace, evidence.sha256()).orElseThrow(() -> failed(e)), false);
      } catch (SdkException e) {
        throw failed(e);
      }
    }

    private void put(Evidence evidence, Path staged) {
      byte[] digest = HexFormat.of().parseHex(evidence.sha256().value());
      client.putObject(
          request ->
              request
                  .bucket(bucket.name())
                  .key(key(namespace, evidence.sha256()))
                  .ifNoneMatch("*")
                  .contentType(evidence.mediaType().value())
                  .checksumSHA256(Base64.getEncoder().encodeToString(digest))
                  .metadata(
                      Map.of(
                          REDACTION, evidence.redaction().name(),
                          STORED_AT, evidence.storedAt())),
          RequestBody.fromFile(staged));
    }

    @Override
    public void close() throws IOException {
      content.close();
    }
  }
}
