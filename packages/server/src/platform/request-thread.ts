/** Provides a worker thread that answers one message after the other. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { entryFile } from "./program.ts";

export class RequestThread<Ask, Answer> {
  private readonly thread: Worker;
  private readonly ended = new AbortController();
  private failure: Error | null = null;

  /**
   * @param source the entry, as `entryFile` takes it
   * @param does completes "the thread that …"
   */
  constructor(source: string, does: string, workerData: unknown = null) {
    this.thread = new Worker(entryFile(source), { workerData });
    this.thread.on("error", (error) => this.fail(error));
    this.thread.on("exit", () => this.fail(new Error(`the thread that ${does} has ended`)));
  }

  /** Not before the question before it was answered. @throws the error that has ended the thread */
  async ask(question: Ask): Promise<Answer> {
    if (this.failure) throw this.failure;
    const answered = once(this.thread, "message", { signal: this.ended.signal });
    this.thread.postMessage(question);
    const [answer]: Answer[] = await answered.catch((error: unknown) => {
      throw this.failure ?? error;
    });
    if (answer === undefined) throw new Error("the thread has not answered");
    return answer;
  }

  async close(): Promise<void> {
    await this.thread.terminate();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.ended.abort(this.failure);
  }
}
