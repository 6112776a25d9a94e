package dev.dome.ingest.config;

import dev.dome.messaging.LinkAccess;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Everything ingest can be told. The environment's names are in application.properties. */
@ConfigMapping(prefix = "dome.ingest")
public interface IngestConfig {

  /** Names this process in reply subjects; a random one when absent. */
  Optional<String> replicaId();

  /** How many lanes the database was made with. */
  @WithDefault("16")
  int laneCount();

  /** How long a write waits for its outcome before it answers 202. */
  @WithDefault("2s")
  Duration outcomeWait();

  /** The key file of the body HMAC; made by the operator, 32 bytes or more. */
  Path hmacKeyFile();

  /** A directory of `NAMESPACE.json`, each the runtime.config with that namespace's profiles. */
  Optional<Path> profilesRoot();

  Nats nats();

  Limits limits();

  RateLimit rateLimit();

  Admission admission();

  Evidence evidence();

  /** Services that own reads, by the name of their contract. */
  Map<String, Owner> owners();

  Proxy proxy();

  /** The message server. */
  interface Nats extends LinkAccess {
    /** One or more URLs, separated by commas. */
    @WithDefault("nats://localhost:4222")
    String url();

    /** Its monitoring port; readiness asks it for sync_interval. */
    @WithDefault("http://localhost:8222")
    URI monitorUrl();

    /** Bytes DOME_INBOX holds before writes are pushed back; the same in every service. */
    @WithDefault("1073741824")
    long inboxMaxBytes();

    /** Bytes DOME_JOURNAL holds; the same in every service. */
    @WithDefault("1073741824")
    long journalMaxBytes();

    /** Bytes DOME_ACCESS holds before its oldest messages go; the same in audit-export. */
    @WithDefault("268435456")
    long accessMaxBytes();

    /** Copies of each stream: 1 on one server, 3 in a cluster. */
    @WithDefault("1")
    int replicas();

    /** How long a heartbeat waits for the lane's owner. */
    @WithDefault("5s")
    Duration requestWait();
  }

  /** What a request may measure. */
  interface Limits {
    /** The body of a request; evidence has a limit of its own. */
    @WithDefault("1048576")
    int bodyBytes();

    /** The request's path and query. */
    @WithDefault("8192")
    int uriBytes();

    /** Names and values of all headers together. */
    @WithDefault("16384")
    int headerBytes();

    /** Claims a process holds open at once; more are shed. */
    @WithDefault("10000")
    int parkedClaims();
  }

  /** Where evidence is kept and how much of it is taken. */
  interface Evidence {
    /** The directory of staged content, and of stored content too unless a bucket is named. */
    @WithDefault(".dome/evidence")
    Path root();

    /** One content's bytes at most. */
    @WithDefault("67108864")
    long maxBytes();

    /** Uploads a process takes at once; more are shed. */
    @WithDefault("64")
    int uploads();

    /** Of these for one namespace. */
    @WithDefault("32")
    int uploadsPerNamespace();

    /** Of these for one principal, in whatever namespaces. */
    @WithDefault("16")
    int uploadsPerSubject();

    /** How long an upload may stand still. */
    @WithDefault("30s")
    Duration uploadPause();

    /** What an upload comes with at least, after a pause of grace. */
    @WithDefault("131072")
    long uploadMinBytesPerSecond();

    /** Digests that one result may name. */
    @WithDefault("256")
    int perResult();

    S3 s3();
  }

  /**
   * A bucket instead of the directory. Credentials are those of the AWS default chain (environment,
   * web identity, instance) unless a file is named.
   */
  interface S3 {
    /** An existing bucket; evidence is kept in the directory when absent. */
    Optional<String> bucket();

    /** Before every key. */
    @WithDefault("evidence/")
    String prefix();

    /** Of the bucket. */
    @WithDefault("us-east-1")
    String region();

    /** Of a server other than AWS; keys then stand in the path. */
    Optional<URI> endpoint();

    /** In the AWS form: the profile default with aws_access_key_id and aws_secret_access_key. */
    Optional<Path> credentialsFile();
  }

  /** A token bucket per principal. */
  interface RateLimit {
    /** What each principal may ask for lastingly, at each replica. */
    @WithDefault("10000")
    int requestsPerSecond();

    /** What it may ask for at once after a silence. */
    @WithDefault("20000")
    int burst();
  }

  /** How many submissions a replica lets wait for their outcomes; more are shed. */
  interface Admission {
    /** Within what an outcome is to come; as many submissions as that allows are let in. */
    @WithDefault("120ms")
    Duration target();

    /** At once, whatever happens. */
    @WithDefault("16")
    int least();

    /** At once, when outcomes come in time. */
    @WithDefault("2048")
    int most();
  }

  /** Where an owner listens. */
  interface Owner {
    /** Base address of the service that owns these reads. */
    URI url();
  }

  /** The budget of a read at its owner. */
  interface Proxy {
    /** Until a connection to the owner is there. */
    @WithDefault("1s")
    Duration connectTimeout();

    /** Until the owner's response head; bodies stream for as long as they last. */
    @WithDefault("10s")
    Duration headTimeout();

    /** Until the end of an answer that ingest reads itself. */
    @WithDefault("5s")
    Duration answerTimeout();

    /** Certificates (PEM) that services at https are verified against, instead of the JVM's. */
    Optional<Path> caFile();
  }
}
