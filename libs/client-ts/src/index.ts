export { Worker } from './worker.ts';
export type { Handler, WorkerListener, WorkerOptions } from './worker.ts';
export { blocked, fail, pass, retry } from './result.ts';
export type { Content, Result } from './result.ts';
export type { CancelReason, TaskContext } from './attempt.ts';
export type { Grant } from './protocol.ts';
