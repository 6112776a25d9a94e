/** The worker that the conformance suite examines; its handlers are those of doc/workers.md. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, pass, type Result, retry, type TaskContext, Worker } from '../src/index.ts';

function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

interface Inputs {
  readonly handler?: string;
  readonly text?: string;
  readonly millis?: number;
  readonly retry_after_ms?: number;
}

async function handle(task: TaskContext): Promise<Result> {
  const spec = task.grant.inputs?.['task_spec'] as { inputs?: Inputs } | undefined;
  const inputs = spec?.inputs ?? {};
  const text = inputs.text ?? '';
  switch (inputs.handler) {
    case 'echo':
      return pass({ notes: text });
    case 'fail_transient':
      return retry('TRANSIENT.UNAVAILABLE', { retryAfterMs: inputs.retry_after_ms ?? 0 });
    case 'fail_permanent':
      return fail('VERIFY.TEST_FAILURE');
    case 'sleep':
      await sleep(inputs.millis ?? 0, undefined, { signal: task.signal });
      return pass();
    case 'crash':
      throw new Error(text);
    case 'evidence':
      return pass({
        contents: [
          { bytes: new TextEncoder().encode(text), mediaType: 'text/plain; charset=utf-8' },
        ],
      });
    default:
      return fail('PLAN.TASK_SPEC');
  }
}

const token = environment('DOME_TOKEN');
const worker = Worker.start({
  url: environment('DOME_URL'),
  namespace: environment('DOME_NAMESPACE'),
  queue: environment('DOME_QUEUE'),
  concurrency: Number(process.env['DOME_CONCURRENCY'] ?? '1'),
  token: () => token,
  handler: handle,
});
process.once('SIGTERM', () => void worker.close());
process.once('SIGINT', () => void worker.close());
await worker.stopped;
process.exit(0);
