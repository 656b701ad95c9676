/**
 * Measures what JavaScript of a process really holds: its threads collect garbage first, as asked by the protocol of V8's inspector. What a heap keeps
 * beyond that is room for garbage, which V8 makes larger and smaller as it likes.
 */

/** To be set for the process and its children: the inspector, once it is asked for by a signal, takes a free port, and says which. */
export const PROBED_ENV = { NODE_OPTIONS: "--inspect-port=0" };

type Answer = { readonly result?: { readonly result?: { readonly value?: unknown } } };
type Message = Answer & {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly sessionId: string; readonly message?: string };
};

/** V8's own figures of a thread, in bytes. */
const FIGURES = `(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())`;
const OPEN_WITHIN_MS = 20_000;
const ANSWER_WITHIN_MS = 60_000;
const MB = 2 ** 20;

export class HeapProbe {
  private readonly socket: WebSocket;
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private readonly threads = new Set<string>();
  private nextId = 1;

  /**
   * Opens the inspector of a process that was started with `PROBED_ENV`. One process at a time: they all say it in the same place.
   * @param said everything that the process and its siblings have said so far
   */
  static async open(pid: number, said: () => string): Promise<HeapProbe> {
    const before = said().length;
    process.kill(pid, "SIGUSR1");
    const until = performance.now() + OPEN_WITHIN_MS;
    for (;;) {
      const url = /Debugger listening on (ws:\S+)\s/.exec(said().slice(before))?.[1];
      if (url) return await HeapProbe.connect(url);
      if (performance.now() > until) throw new Error(`no inspector of process ${pid}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private static async connect(url: string): Promise<HeapProbe> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error("the inspector cannot be reached")));
    });
    const probe = new HeapProbe(socket);
    await probe.ask(null, "NodeWorker.enable", { waitForDebuggerOnStart: false });
    return probe;
  }

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener("message", ({ data }) => this.take(JSON.parse(String(data)), null));
  }

  /** Megabytes of all threads, with the memory of WebAssembly and of buffers. @throws Error where the process has ended, or is stuck */
  async retainedMb(): Promise<number> {
    let bytes = 0;
    for (const thread of [null, ...this.threads]) {
      await this.ask(thread, "HeapProfiler.collectGarbage");
      const { result } = await this.ask(thread, "Runtime.evaluate", { expression: FIGURES, returnByValue: true });
      bytes += Number(result?.result?.value);
    }
    return bytes / MB;
  }

  close(): void {
    this.socket.close();
  }

  private take(message: Message, thread: string | null): void {
    const { id, method, params } = message;
    if (id !== undefined) return this.waiting.get(`${thread} ${id}`)?.(message);
    if (!params) return;
    if (method === "NodeWorker.attachedToWorker") this.threads.add(params.sessionId);
    if (method === "NodeWorker.detachedFromWorker") this.threads.delete(params.sessionId);
    if (method === "NodeWorker.receivedMessageFromWorker") this.take(JSON.parse(params.message ?? "{}"), params.sessionId);
  }

  /** @param thread the session of a worker thread; null: the main thread */
  private ask(thread: string | null, method: string, params: object = {}): Promise<Answer> {
    const id = this.nextId++;
    const message = JSON.stringify({ id, method, params });
    const sent =
      thread === null
        ? message
        : JSON.stringify({ id: this.nextId++, method: "NodeWorker.sendMessageToWorker", params: { sessionId: thread, message } });
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no answer to ${method}`)), ANSWER_WITHIN_MS);
      this.waiting.set(`${thread} ${id}`, (answer) => {
        this.waiting.delete(`${thread} ${id}`);
        clearTimeout(late);
        resolve(answer);
      });
      this.socket.send(sent);
    });
  }
}
