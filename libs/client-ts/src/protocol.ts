/** The documents of the worker protocol, as far as a worker reads them. */

/** One leased task. */
export interface Grant {
  readonly run_id: string;
  readonly task_id: string;
  readonly attempt: number;
  readonly attempt_id: string;
  /** Accompanies every report about the attempt. */
  readonly fence: number;
  /** RFC 3339, by the server's clock. */
  readonly lease_expires_at: string;
  readonly deadline?: string;
  readonly goal?: string;
  /** command, base_ref, task_spec, timeout_seconds: what the task was planned with. */
  readonly inputs?: { readonly [name: string]: unknown };
  readonly traceparent?: string;
}

/** The answer to a claim, and what a result's claim_next was granted. */
export interface Granted {
  readonly tasks?: readonly Grant[];
  readonly directives?: readonly string[];
}

/** The answer to a heartbeat. */
export interface Lease {
  readonly lease_expires_at: string;
  readonly directives?: readonly string[];
}

export interface ClaimBody {
  /** The name of this claim: a repeat gets the same leases. */
  readonly claim_id: string;
  readonly worker_id: string;
  readonly deployment_version?: string;
  readonly max_tasks: number;
  readonly wait_seconds: number;
}
