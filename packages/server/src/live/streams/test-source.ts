/** For tests: a publisher that uses the calls of every way in, with frames that tell which they are. */
import { Refusal } from "../../platform/refusal.ts";
import type { SourceMessage } from "./ingest/source.ts";
import type { Publications } from "./ownership/publications.ts";
import type { PublishSession } from "./ownership/publish-session.ts";
import { aacConfiguration, avcConfiguration, lesson } from "./synthetic-source.ts";

export type TestSourceOptions = { readonly name?: string; readonly backup?: boolean; readonly takeOver?: boolean };

export class TestSource {
  readonly session: PublishSession;
  /** Reasons for which the stream was taken away. */
  readonly revoked: readonly string[];

  private constructor(session: PublishSession, revoked: readonly string[]) {
    this.session = session;
    this.revoked = revoked;
  }

  /** Opens a publish session, and announces H.264 and AAC. */
  static async open(publications: Publications, { name = "math", backup = false, takeOver = false }: TestSourceOptions = {}) {
    const revoked: string[] = [];
    const session = await publications.open({
      app: "live",
      name,
      backup,
      takeOver,
      source: { protocol: "test", ip: "127.0.0.1", agent: "test source" },
      onRevoked: (reason) => revoked.push(reason),
    });
    if (session instanceof Refusal) return session;
    const source = new TestSource(session, revoked);
    source.push([avcConfiguration(), aacConfiguration]);
    return source;
  }

  push(messages: Iterable<SourceMessage>): void {
    for (const message of messages) {
      const broken = this.session.push(message);
      if (broken) throw new Error(broken.rule);
    }
  }

  /** Publishes some seconds of a lesson. @param start milliseconds of its clock */
  teach(seconds: number, start = 0): void {
    this.push(lesson(seconds, start));
  }
}
