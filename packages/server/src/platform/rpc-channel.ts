/**
 * Provides remote procedure calls over any message port: the IPC channel between a process and its child, or a socket between two nodes
 * (`network/node-rpc.ts`). Both ends run this program, so the types describe what arrives.
 */

/** The methods of one side by name, each with one parameter. */
export type RpcMethods = { readonly [name: string]: (parameter: never) => unknown };

/** One end of a connection: a child process, `process` in a child, or a socket. */
export type RpcPort = {
  send?(message: unknown, callback?: (error: Error | null) => void): unknown;
  on(event: "message", listener: (message: unknown) => void): unknown;
};

type Envelope =
  | { readonly kind: "call"; readonly id: number; readonly method: string; readonly parameter: unknown }
  | { readonly kind: "tell"; readonly method: string; readonly parameter: unknown }
  | { readonly kind: "result"; readonly id: number; readonly value: unknown }
  | {
      readonly kind: "failure";
      readonly id: number;
      readonly name: string;
      readonly message: string;
      readonly code: string | null;
      readonly port: number | null;
    };

type Pending = {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout | undefined;
};

const ANSWER_TIMEOUT_MS = 10_000;
const NO_ANSWER = "NoAnswer";

/** The other process is gone, or has not answered in time. */
class NoAnswer extends Error {
  override readonly name = NO_ANSWER;
}

/**
 * Lets a process go on where nobody waits for a call that was not answered: a machine that stands still for seconds is no fault of the process. Whatever
 * else nobody handles ends it, as usual.
 */
export function surviveUnanswered(tell: (error: Error) => void): void {
  process.on("unhandledRejection", (error) => {
    // It may have come over a channel itself, which keeps the name alone.
    if (!(error instanceof Error) || error.name !== NO_ANSWER) throw error;
    tell(error);
  });
}

export class RpcChannel<Theirs extends RpcMethods> {
  private readonly port: RpcPort;
  private ours: RpcMethods;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private open = true;

  constructor(port: RpcPort, ours: RpcMethods) {
    this.port = port;
    this.ours = ours;
    port.on("message", (message) => this.take(message as Envelope));
  }

  /** Adds answers to messages of the other side. Messages that come before are refused, or ignored where no answer is expected. */
  serve(methods: RpcMethods): void {
    this.ours = { ...this.ours, ...methods };
  }

  /**
   * Calls a method of the other side. Fails when the method fails, the connection closes, or the time limit passes.
   * @param withinMs null: no limit
   */
  call<N extends keyof Theirs & string>(
    method: N,
    parameter: Parameters<Theirs[N]>[0],
    withinMs: number | null = ANSWER_TIMEOUT_MS,
  ): Promise<Awaited<ReturnType<Theirs[N]>>> {
    return new Promise((resolve, reject) => {
      if (!this.open) return reject(new NoAnswer("the other process is gone"));
      const id = this.nextId++;
      const timer =
        withinMs === null ? undefined : setTimeout(() => this.settle(id)?.reject(new NoAnswer(`no answer to ${method}`)), withinMs);
      this.pending.set(id, { resolve, reject, timer });
      this.send({ kind: "call", id, method, parameter });
    });
  }

  /** Notifies the other side, without an answer. */
  tell<N extends keyof Theirs & string>(method: N, parameter: Parameters<Theirs[N]>[0]): void {
    this.send({ kind: "tell", method, parameter });
  }

  /** The connection has closed: pending calls fail. */
  close(): void {
    this.open = false;
    for (const id of [...this.pending.keys()]) this.settle(id)?.reject(new NoAnswer("the other process is gone"));
  }

  private send(envelope: Envelope): void {
    // A dying child closes its end before this process sees its exit.
    if (this.open) this.port.send?.(envelope, () => {});
  }

  private take(envelope: Envelope): void {
    if (envelope.kind === "result") return this.settle(envelope.id)?.resolve(envelope.value as never);
    if (envelope.kind === "failure") {
      const { name, message, code, port } = envelope;
      const error = Object.assign(new Error(message), { name }, code === null ? {} : { code }, port === null ? {} : { port });
      return this.settle(envelope.id)?.reject(error);
    }
    const method = this.ours[envelope.method];
    if (envelope.kind === "tell") {
      method?.(envelope.parameter as never);
      return;
    }
    const { id } = envelope;
    Promise.resolve()
      .then(() => {
        if (!method) throw new Error(`unknown method ${envelope.method}`);
        return method(envelope.parameter as never);
      })
      .then(
        (value) => this.send({ kind: "result", id, value }),
        (error: unknown) => this.send({ kind: "failure", id, ...failure(error) }),
      );
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    clearTimeout(pending?.timer);
    return pending;
  }
}

/** The parts of an error that the other side can report: a port in use, a missing file. */
function failure(error: unknown): { name: string; message: string; code: string | null; port: number | null } {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), code: null, port: null };
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  const port = "port" in error && typeof error.port === "number" ? error.port : null;
  return { name: error.name, message: error.message, code, port };
}
