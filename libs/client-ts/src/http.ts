import { delayMs, pause, USUAL } from './patience.ts';

/** What one try came to; status 0 when no answer came, so that the outcome is unknown. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly reasonCode: string;
  readonly retryAfterMs: number;
  /** The server's clock, from its Date header; this machine's when it sent none. */
  readonly serverTimeMs: number;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the base URL, beginning with a slash. */
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
  readonly traceparent?: string | undefined;
  readonly timeoutMs: number;
  /** Gives the try up. */
  readonly signal?: AbortSignal;
}

const UNKNOWN_STATUS = new Set([0, 408, 425, 429, 500, 502, 503, 504]);
const SETTLE_MS = 60_000;
const NEVER = new AbortController().signal;

/** Whether another try may come to something else. */
export function mayChange(answer: Answer): boolean {
  return UNKNOWN_STATUS.has(answer.status);
}

/** Sends requests, one try each, and never throws for what the network or the server does. */
export class Http {
  readonly #base: string;
  readonly #token: () => string | Promise<string>;

  constructor(base: string, token: () => string | Promise<string>) {
    this.#base = base.replace(/\/+$/, '');
    this.#token = token;
  }

  /** One try. An answer of 202 is followed to its operation's end. */
  async send(call: Call): Promise<Answer> {
    const { answer, location } = await this.#exchange(call);
    return answer.status === 202 ? this.#settle(answer, location) : answer;
  }

  async #exchange(call: Call): Promise<{ answer: Answer; location: string | null }> {
    const abort = new AbortController();
    const giveUp = (): void => abort.abort();
    const timer = setTimeout(giveUp, call.timeoutMs);
    call.signal?.addEventListener('abort', giveUp);
    if (call.signal?.aborted) {
      giveUp();
    }
    try {
      const response = await fetch(this.#base + call.path, {
        method: call.method,
        headers: await this.#headers(call),
        ...(call.body === undefined ? {} : { body: call.body }),
        signal: abort.signal,
      });
      const body = parsed(await response.text());
      return { answer: answerOf(response, body), location: response.headers.get('Location') };
    } catch {
      // No answer, or half of one: whatever the cause, a repeat is safe.
      return { answer: unknown(), location: null };
    } finally {
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', giveUp);
    }
  }

  async #headers(call: Call): Promise<Record<string, string>> {
    const headers: Record<string, string> = { Authorization: `Bearer ${await this.#token()}` };
    if (call.body !== undefined) {
      headers['Content-Type'] = call.contentType ?? 'application/json';
    }
    if (call.traceparent !== undefined) {
      headers['traceparent'] = call.traceparent;
    }
    return headers;
  }

  /** What was accepted is durable: the answer is that of the operation, once it is decided. */
  async #settle(accepted: Answer, location: string | null): Promise<Answer> {
    if (location === null) {
      return accepted;
    }
    const path = new URL(location, `${this.#base}/`).pathname;
    const endMs = Date.now() + SETTLE_MS;
    for (let polls = 1; Date.now() < endMs; polls++) {
      await pause(delayMs(USUAL, polls, 0), NEVER);
      const { answer } = await this.#exchange({ method: 'GET', path, timeoutMs: 10_000 });
      const outcome = member(answer.body, 'outcome');
      const status = member(outcome, 'status');
      if (answer.status === 200 && typeof status === 'number') {
        const body = status < 300 ? member(outcome, 'body') : outcome;
        return { ...answer, status, body, reasonCode: text(member(body, 'reason_code')) };
      }
    }
    return unknown();
  }
}

function answerOf(response: Response, body: unknown): Answer {
  const date = Date.parse(response.headers.get('Date') ?? '');
  const retryAfter = response.headers.get('Retry-After') ?? '';
  return {
    status: response.status,
    body,
    reasonCode: text(member(body, 'reason_code')),
    retryAfterMs: /^[0-9]{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : 0,
    serverTimeMs: Number.isNaN(date) ? Date.now() : date,
  };
}

function unknown(): Answer {
  return { status: 0, body: undefined, reasonCode: '', retryAfterMs: 0, serverTimeMs: Date.now() };
}

function parsed(body: string): unknown {
  try {
    return body === '' ? undefined : JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A member of what may be no object at all. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
