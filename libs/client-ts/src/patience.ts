/** How long to wait before another try, and the waiting. */

export interface Patience {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** For an outcome that is unknown, or a server that asks for patience. */
export const USUAL: Patience = { baseMs: 100, maxMs: 5_000 };

/** For a server that does not let this worker in: only a person can change that. */
export const REFUSED: Patience = { baseMs: 2_000, maxMs: 30_000 };

/**
 * The wait after failure n (from 1): between half and all of an exponential delay, so that many
 * workers do not come back together, and never before the server's Retry-After.
 */
export function delayMs(patience: Patience, failures: number, retryAfterMs: number): number {
  const ceiling = Math.min(patience.maxMs, patience.baseMs * 2 ** Math.min(failures - 1, 16));
  return retryAfterMs + ceiling * (0.5 + Math.random() / 2);
}

/** Waits, or less when the signal is given. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) {
      end();
    }
  });
}
