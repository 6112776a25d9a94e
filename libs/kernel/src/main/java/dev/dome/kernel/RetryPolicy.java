package dev.dome.kernel;

import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Whether a task may be tried again, and when. Delays are exact integers: {@code min(base·2^(n−1),
 * cap)·(1+j)} for the n-th retry, rounded down, where j in [0, 0.2) comes from a seed and so is the
 * same number whenever it is asked for.
 */
public final class RetryPolicy {
  /** A worker may ask for a longer pause than the policy's, but not for more than 30 days. */
  public static final long MAX_RETRY_AFTER_MS = 30L * 24 * 60 * 60 * 1000;

  private RetryPolicy() {}

  /** Whether another attempt may follow the given one. */
  public static boolean mayRetry(PolicySet.Retry policy, int attempt) {
    return attempt <= policy.maxRetries();
  }

  /** The seed of the jitter; runs of v0.3 documents do not share theirs with other runs. */
  public static String seed(ContractVersion version, RunUid runUid, TaskId taskId, int attempt) {
    String seed = taskId.value() + ":" + attempt;
    return switch (version) {
      case V0_2 -> seed;
      case V0_3 -> runUid.value() + ":" + seed;
    };
  }

  /**
   * Milliseconds to wait after the given attempt failed.
   *
   * @param attempt the one that failed, from 1
   * @param retryAfterMs what the worker asked for at least, or null
   */
  public static long delayMs(PolicySet.Retry policy, String seed, int attempt, Long retryAfterMs) {
    long backoffMs = backoffMs(policy, attempt);
    // j = u / 2^32 / 5 with u the first 32 bits of the hash: backoff is below 2^31, so the product
    // fits a long.
    long jitterMs = ((backoffMs * firstBits(seed)) >>> 32) / 5;
    long floorMs = retryAfterMs == null ? 0 : Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
    return Math.max(backoffMs + jitterMs, floorMs);
  }

  private static long backoffMs(PolicySet.Retry policy, int attempt) {
    int doublings = attempt - 1;
    if (policy.baseDelayMs() == 0) {
      return 0;
    }
    if (doublings >= 31 || policy.baseDelayMs() > policy.capDelayMs() >> doublings) {
      return policy.capDelayMs();
    }
    return policy.baseDelayMs() << doublings;
  }

  private static long firstBits(String seed) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] hash = sha256.digest(seed.getBytes(StandardCharsets.UTF_8));
      return Integer.toUnsignedLong(ByteBuffer.wrap(hash).getInt());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
