import { type Http } from './http.ts';
import type { Grant, Lease } from './protocol.ts';

/**
 * Why an attempt should stop: the server asked for it, the lease is another's or was not renewed in
 * time, or the worker is closing and its grace is over.
 */
export type CancelReason = 'DIRECTIVE' | 'LEASE_LOST' | 'SHUTDOWN';

/** One attempt in work, as its handler sees it. */
export interface TaskContext {
  readonly grant: Grant;
  /** Given when the attempt should stop; what the handler returns after that is dropped. */
  readonly signal: AbortSignal;
  /** What the next heartbeat tells of the progress; any JSON but null. */
  report(progress: unknown): void;
}

const FIRST_BEAT_MS = 1_000;
const SHORTEST_MS = 100;
const AGAIN_MS = 500;

/** A lease that is kept by heartbeats, at a third of what is left of it, until it ends. */
export class Attempt implements TaskContext {
  readonly grant: Grant;
  readonly #http: Http;
  readonly #path: string;
  readonly #onDrain: () => void;
  readonly #abort = new AbortController();
  #leaseEndMs: number;
  #timer: NodeJS.Timeout | undefined;
  #progress: unknown;
  #reason: CancelReason | undefined;
  #finished = false;

  /** @param termMs how long the lease holds from now */
  constructor(grant: Grant, termMs: number, http: Http, path: string, onDrain: () => void) {
    this.grant = grant;
    this.#http = http;
    this.#path = path;
    this.#onDrain = onDrain;
    this.#leaseEndMs = performance.now() + termMs;
    this.#schedule(Math.min(FIRST_BEAT_MS, termMs / 3));
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Why it was stopped, if it was. */
  get cancelled(): CancelReason | undefined {
    return this.#reason;
  }

  report(progress: unknown): void {
    this.#progress = progress;
  }

  /** Stops the handler; only the first reason counts. */
  cancel(reason: CancelReason): void {
    if (!this.#finished && this.#reason === undefined) {
      this.#reason = reason;
      clearTimeout(this.#timer);
      this.#abort.abort(new Error(reason));
    }
  }

  /** The handler is done; the lease is not renewed any more. */
  finish(): void {
    this.#finished = true;
    clearTimeout(this.#timer);
  }

  #over(): boolean {
    return this.#finished || this.#reason !== undefined;
  }

  #remainingMs(): number {
    return this.#leaseEndMs - performance.now();
  }

  #schedule(ms: number): void {
    if (!this.#over()) {
      this.#timer = setTimeout(() => void this.#beat(), Math.max(SHORTEST_MS, ms));
    }
  }

  async #beat(): Promise<void> {
    const sentMs = performance.now();
    const renewed = await this.#renew(sentMs);
    if (this.#remainingMs() <= 0) {
      this.cancel('LEASE_LOST');
    }
    this.#schedule(renewed ? this.#remainingMs() / 3 : Math.min(AGAIN_MS, this.#remainingMs()));
  }

  async #renew(sentMs: number): Promise<boolean> {
    const answer = await this.#http.send({
      method: 'POST',
      path: `${this.#path}/heartbeat`,
      body: JSON.stringify({ fence: this.grant.fence, progress: this.#progress }),
      traceparent: this.grant.traceparent,
      timeoutMs: Math.max(SHORTEST_MS, this.#remainingMs() / 3),
      signal: this.signal,
    });
    if (answer.status === 404 || answer.status === 409) {
      this.cancel('LEASE_LOST');
    }
    if (answer.status !== 200) {
      return false;
    }
    const lease = answer.body as Lease;
    const directives = lease.directives ?? [];
    if (directives.includes('DRAIN')) {
      this.#onDrain();
    }
    if (directives.includes('CANCEL')) {
      this.cancel('DIRECTIVE');
    }
    this.#leaseEndMs = sentMs + Date.parse(lease.lease_expires_at) - answer.serverTimeMs;
    return true;
  }
}
