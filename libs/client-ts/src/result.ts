import { createHash } from 'node:crypto';
import { type Http, mayChange } from './http.ts';
import { delayMs, pause, USUAL } from './patience.ts';
import type { Grant } from './protocol.ts';

/** Bytes that belong to a result. */
export interface Content {
  readonly bytes: Uint8Array;
  /** Such as `text/plain; charset=utf-8`. */
  readonly mediaType: string;
}

/** What a handler says its attempt came to. */
export interface Result {
  readonly status: 'PASS' | 'FAIL' | 'BLOCKED';
  readonly reasonCode?: string;
  /** Whether another attempt may succeed; absent leaves it to the code. */
  readonly transient?: boolean;
  readonly notes?: string;
  /** A floor for the delay before the next attempt. */
  readonly retryAfterMs?: number;
  /** 0..100 */
  readonly riskScoreHint?: number;
  readonly evidence?: { readonly [name: string]: unknown };
  /**
   * Stored before the result is sent, and then among the artifacts of the evidence: short text as
   * it is, anything else by its digest.
   */
  readonly contents?: readonly Content[];
}

export function pass(more: Omit<Result, 'status'> = {}): Result {
  return { ...more, status: 'PASS' };
}

/** A failure that another attempt would repeat. */
export function fail(reasonCode: string, more: Omit<Result, 'status'> = {}): Result {
  return { transient: false, ...more, status: 'FAIL', reasonCode };
}

/** A failure that another attempt may not meet. */
export function retry(reasonCode: string, more: Omit<Result, 'status'> = {}): Result {
  return { transient: true, ...more, status: 'FAIL', reasonCode };
}

/** Something outside the task stands in its way. */
export function blocked(reasonCode: string, more: Omit<Result, 'status'> = {}): Result {
  return { ...more, status: 'BLOCKED', reasonCode };
}

/** The result as it is sent; an absent member is left out by JSON. */
export function resultBody(grant: Grant, result: Result, tookMs: number): object {
  return {
    artifact_kind: 'dome.task.result/v0.2',
    task_id: grant.task_id,
    attempt: grant.attempt,
    fence: grant.fence,
    status: result.status,
    duration_ms: Math.round(tookMs),
    reason_code: result.reasonCode,
    transient: result.transient,
    notes: result.notes,
    retry_after_ms: result.retryAfterMs,
    risk_score_hint: result.riskScoreHint,
    evidence: result.evidence,
  };
}

const MAX_INLINE_BYTES = 4096;
const UPLOAD_MS = 60_000;
const UPLOAD_TRIES = 8;

/** The result with its contents stored and described, or the failure to store them. */
export async function stored(
  result: Result,
  http: Http,
  evidencePath: string,
  signal: AbortSignal,
): Promise<Result> {
  if (result.contents === undefined || result.contents.length === 0) {
    return result;
  }
  const artifacts: object[] = [];
  for (const content of result.contents) {
    const described = { media_type: content.mediaType, bytes: content.bytes.length };
    const text = shortText(content);
    if (text !== undefined) {
      artifacts.push({ ...described, text });
      continue;
    }
    const sha256 = createHash('sha256').update(content.bytes).digest('hex');
    const refusal = await upload(http, evidencePath + sha256, content, signal);
    if (refusal !== undefined) {
      return refusal;
    }
    artifacts.push({ ...described, sha256 });
  }
  const { contents: _, ...rest } = result;
  return { ...rest, evidence: { ...result.evidence, artifacts } };
}

/** Nothing when the content is stored, else what becomes of the attempt. */
async function upload(
  http: Http,
  path: string,
  content: Content,
  signal: AbortSignal,
): Promise<Result | undefined> {
  for (let tries = 1; tries <= UPLOAD_TRIES && !signal.aborted; tries++) {
    const answer = await http.send({
      method: 'PUT',
      path,
      body: content.bytes,
      contentType: content.mediaType,
      timeoutMs: UPLOAD_MS,
      signal,
    });
    if (answer.status >= 200 && answer.status < 300) {
      return undefined;
    }
    if (!mayChange(answer)) {
      return fail(answer.reasonCode || 'INFRA.EVIDENCE_UNAVAILABLE');
    }
    await pause(delayMs(USUAL, tries, answer.retryAfterMs), signal);
  }
  return retry('INFRA.EVIDENCE_UNAVAILABLE');
}

function shortText(content: Content): string | undefined {
  if (!/^(text\/|application\/json)/.test(content.mediaType)) {
    return undefined;
  }
  if (content.bytes.length > MAX_INLINE_BYTES) {
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content.bytes);
  } catch {
    return undefined;
  }
}
