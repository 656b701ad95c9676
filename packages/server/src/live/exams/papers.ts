/** Keeps the encrypted packages of papers in memory, ready to be sent to all candidates. The control process is asked once for each. */
import type { ExamMessages } from "../../contracts/exams/exam-messages.ts";
import { IMMUTABLE, OPEN_TO_ALL } from "../http/responses.ts";
import { SharedAnswer } from "../http/shared-answer.ts";

/** Of all packages; those that were used last stay. */
const MAX_BYTES = 64 * 1024 * 1024;

export class Papers {
  private readonly ask: ExamMessages["examPackage"];
  /** Those that were used last are last. */
  private readonly kept = new Map<string, SharedAnswer>();
  private readonly asking = new Map<string, Promise<SharedAnswer | null>>();
  private bytes = 0;

  constructor(ask: ExamMessages["examPackage"]) {
    this.ask = ask;
  }

  /** Null: there is none. Fails where the control process cannot be reached. */
  async find(exam: string, hash: string): Promise<SharedAnswer | null> {
    const known = this.kept.get(hash);
    if (known) {
      this.kept.delete(hash);
      this.kept.set(hash, known);
      return known;
    }
    const asked = this.asking.get(hash);
    if (asked) return await asked;
    const asking = this.fetch(exam, hash).finally(() => this.asking.delete(hash));
    this.asking.set(hash, asking);
    return await asking;
  }

  private async fetch(exam: string, hash: string): Promise<SharedAnswer | null> {
    const found = await this.ask({ exam, hash });
    if (!found) return null;
    const body = Buffer.from(found.bytes, "base64");
    const answer = new SharedAnswer(
      200,
      { "content-type": "application/octet-stream", "cache-control": IMMUTABLE, ...OPEN_TO_ALL },
      body,
    );
    this.kept.set(hash, answer);
    this.bytes += body.length;
    for (const [name, { body: old }] of this.kept) {
      if (this.bytes <= MAX_BYTES || name === hash) break;
      this.kept.delete(name);
      this.bytes -= old.length;
    }
    return answer;
  }
}
