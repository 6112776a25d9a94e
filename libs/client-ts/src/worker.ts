import { randomUUID } from 'node:crypto';
import { Attempt, type CancelReason, type TaskContext } from './attempt.ts';
import { type Answer, Http, mayChange } from './http.ts';
import { delayMs, pause, REFUSED, USUAL } from './patience.ts';
import type { ClaimBody, Grant, Granted } from './protocol.ts';
import { fail, type Result, resultBody, stored } from './result.ts';

/**
 * Works one attempt of a task. Its signal is given when the lease is lost or the run is cancelled.
 * An exception is reported as a failure, by its name and never by its message.
 */
export type Handler = (task: TaskContext) => Promise<Result> | Result;

/** Told what a worker does; be quick. */
export interface WorkerListener {
  started?(grant: Grant): void;
  reported?(grant: Grant, result: Result): void;
  cancelled?(grant: Grant, reason: CancelReason): void;
  refused?(what: 'claim' | 'result' | 'release', status: number, reasonCode: string): void;
}

export interface WorkerOptions {
  readonly url: string;
  readonly namespace: string;
  readonly queue: string;
  /** Asked before every request. */
  readonly token: () => string | Promise<string>;
  readonly handler: Handler;
  /** How many tasks at once; 1 when absent. */
  readonly concurrency?: number;
  /** The name the journal shows for this worker's attempts. */
  readonly workerId?: string;
  /** Which build of the handler works the tasks. */
  readonly deploymentVersion?: string;
  /** How long a claim may be held by the server, 0..30; 20 when absent. */
  readonly waitSeconds?: number;
  /** How long `close` lets handlers finish before it stops them; 30,000 when absent. */
  readonly graceMs?: number;
  readonly listener?: WorkerListener;
}

const NEVER = new AbortController().signal;
const TAKE_BACK_TRIES = 3;
const STOP_MS = 5_000;

/**
 * Works a queue: claims tasks by long polling, runs the handler, keeps leases alive, and repeats
 * results until they are answered.
 */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #http: Http;
  readonly #root: string;
  readonly #workerId: string;
  readonly #drain = new AbortController();
  readonly #aborted = new AbortController();
  readonly #attempts = new Set<Attempt>();
  readonly #stopped: Promise<void>;

  private constructor(options: WorkerOptions) {
    this.#options = options;
    this.#http = new Http(options.url, options.token);
    this.#root = `/v1/namespaces/${encodeURIComponent(options.namespace)}/`;
    this.#workerId = options.workerId ?? `worker-${randomUUID()}`;
    const slots = Array.from({ length: options.concurrency ?? 1 }, () => this.#slot());
    this.#stopped = Promise.all(slots).then(() => undefined);
  }

  /** Starts claiming. */
  static start(options: WorkerOptions): Worker {
    return new Worker(options);
  }

  /** Resolves when every slot has stopped, which only a drain brings about. */
  get stopped(): Promise<void> {
    return this.#stopped;
  }

  /** Takes nothing new; what runs is finished and reported. */
  drain(): void {
    this.#drain.abort();
  }

  /**
   * Drains, waits for the grace, stops what still runs and gives those attempts back. Resolves when
   * every slot has stopped, or five seconds after the grace.
   */
  async close(): Promise<void> {
    this.drain();
    const over = new AbortController();
    const done = this.#stopped.then(() => over.abort());
    await pause(this.#options.graceMs ?? 30_000, over.signal);
    this.#attempts.forEach((attempt) => attempt.cancel('SHUTDOWN'));
    await pause(STOP_MS, over.signal);
    this.#aborted.abort();
    await Promise.race([done, pause(STOP_MS, over.signal)]);
  }

  get #draining(): boolean {
    return this.#drain.signal.aborted;
  }

  async #slot(): Promise<void> {
    let next: Attempt | undefined;
    while (!this.#draining || next !== undefined) {
      const attempt: Attempt | undefined = next ?? (await this.#claim());
      next = undefined;
      if (attempt !== undefined) {
        next = this.#draining ? await this.#release(attempt) : await this.#work(attempt);
      }
    }
  }

  /** One lease, or nothing when the wait ended first. */
  async #claim(): Promise<Attempt | undefined> {
    const body = this.#newClaim(this.#options.waitSeconds ?? 20);
    for (let failures = 1; ; failures++) {
      const answer = await this.#sendClaim(body, this.#drain.signal);
      if (answer.status >= 200 && answer.status < 300) {
        return this.#kept(answer);
      }
      if (answer.status !== 0) {
        this.#options.listener?.refused?.('claim', answer.status, answer.reasonCode);
      }
      const shut = answer.status === 401 || answer.status === 403;
      const waitMs = delayMs(shut ? REFUSED : USUAL, failures, answer.retryAfterMs);
      await pause(waitMs, this.#drain.signal);
      if (this.#draining) {
        return answer.status === 0 ? this.#takeBack(body) : undefined;
      }
    }
  }

  /** A claim given up half-way may have been granted meanwhile; its repeat tells. */
  async #takeBack(body: ClaimBody): Promise<Attempt | undefined> {
    for (let tries = 1; tries <= TAKE_BACK_TRIES; tries++) {
      const answer = await this.#sendClaim({ ...body, wait_seconds: 0 }, NEVER);
      if (!mayChange(answer)) {
        return answer.status < 300 ? this.#kept(answer) : undefined;
      }
      await pause(delayMs(USUAL, tries, answer.retryAfterMs), this.#aborted.signal);
    }
    return undefined;
  }

  #sendClaim(body: ClaimBody, signal: AbortSignal): Promise<Answer> {
    return this.#http.send({
      method: 'POST',
      path: `${this.#root}queues/${encodeURIComponent(this.#options.queue)}/claims`,
      body: JSON.stringify(body),
      timeoutMs: (body.wait_seconds + 10) * 1000,
      signal,
    });
  }

  #newClaim(waitSeconds: number): ClaimBody {
    const version = this.#options.deploymentVersion;
    return {
      claim_id: randomUUID(),
      worker_id: this.#workerId,
      ...(version === undefined ? {} : { deployment_version: version }),
      max_tasks: 1,
      wait_seconds: waitSeconds,
    };
  }

  #kept(answer: Answer): Attempt | undefined {
    const granted = (answer.body ?? {}) as Granted;
    if (granted.directives?.includes('DRAIN')) {
      this.drain();
    }
    const grant = granted.tasks?.[0];
    if (grant === undefined) {
      return undefined;
    }
    const termMs = Date.parse(grant.lease_expires_at) - answer.serverTimeMs;
    const path = `${this.#root}attempts/${encodeURIComponent(grant.attempt_id)}`;
    const attempt = new Attempt(grant, termMs, this.#http, path, () => this.drain());
    this.#attempts.add(attempt);
    return attempt;
  }

  async #work(attempt: Attempt): Promise<Attempt | undefined> {
    const startMs = performance.now();
    this.#options.listener?.started?.(attempt.grant);
    const result = await this.#handled(attempt);
    attempt.finish();
    const reason = attempt.cancelled;
    if (reason === undefined) {
      return this.#report(attempt, result, performance.now() - startMs);
    }
    this.#options.listener?.cancelled?.(attempt.grant, reason);
    if (reason === 'SHUTDOWN') {
      return this.#release(attempt);
    }
    this.#attempts.delete(attempt);
    return undefined;
  }

  /** The handler's result, with its contents stored; settles at once when the attempt is stopped. */
  async #handled(attempt: Attempt): Promise<Result> {
    const stopped = new Promise<Result>((resolve) => {
      attempt.signal.addEventListener('abort', () => resolve(fail('TRANSIENT.WORKER_SHUTDOWN')));
    });
    const handled = (async () => this.#options.handler(attempt))()
      .then((result) => stored(result, this.#http, `${this.#root}evidence/`, attempt.signal))
      // The message may hold anything, so only the name is reported.
      .catch((error: unknown) => fail('EXEC.HANDLER_FAILED', { notes: nameOf(error) }));
    return Promise.race([handled, stopped]);
  }

  /** Sends the same text until it is answered; the server knows a repeat. */
  async #report(attempt: Attempt, result: Result, tookMs: number): Promise<Attempt | undefined> {
    const claimNext = this.#draining
      ? undefined
      : { queue: this.#options.queue, ...this.#newClaim(0) };
    const body = { ...resultBody(attempt.grant, result, tookMs), claim_next: claimNext };
    const answer = await this.#untilAnswered(attempt, 'result', JSON.stringify(body));
    this.#attempts.delete(attempt);
    if (answer.status >= 200 && answer.status < 300) {
      this.#options.listener?.reported?.(attempt.grant, result);
      return this.#kept(answer);
    }
    this.#options.listener?.refused?.('result', answer.status, answer.reasonCode);
    return undefined;
  }

  /** Gives an attempt back unworked. */
  async #release(attempt: Attempt): Promise<undefined> {
    attempt.finish();
    const body = { fence: attempt.grant.fence, reason_code: 'TRANSIENT.WORKER_SHUTDOWN' };
    const answer = await this.#untilAnswered(attempt, 'release', JSON.stringify(body));
    this.#attempts.delete(attempt);
    if (answer.status >= 300) {
      this.#options.listener?.refused?.('release', answer.status, answer.reasonCode);
    }
  }

  async #untilAnswered(attempt: Attempt, verb: string, body: string): Promise<Answer> {
    for (let failures = 1; ; failures++) {
      const answer = await this.#http.send({
        method: 'POST',
        path: `${this.#root}attempts/${encodeURIComponent(attempt.grant.attempt_id)}/${verb}`,
        body,
        traceparent: attempt.grant.traceparent,
        timeoutMs: 40_000,
        signal: this.#aborted.signal,
      });
      if (!mayChange(answer) || this.#aborted.signal.aborted) {
        return answer;
      }
      await pause(delayMs(USUAL, failures, answer.retryAfterMs), this.#aborted.signal);
    }
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
