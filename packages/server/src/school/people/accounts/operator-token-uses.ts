/**
 * Writes uses of the operator's token of the environment into the audit log: the first from each address within an hour, and the first refused one.
 * Programs use it many times a second, and what they change is in the log anyway. A request never waits for this: the token also works where the
 * database does not answer.
 */
import type { Actor } from "../../../access/actor.ts";
import type { Logger } from "../../../platform/log.ts";
import { auditRow } from "../../foundation/store/audit-log.ts";
import type { Database } from "../../foundation/store/tables.ts";

const HOUR_MS = 3_600_000;
/** Addresses that are told apart within an hour; further ones are counted as one. */
const MAX_ADDRESSES = 1000;
const OTHERS = "others";

export type OperatorTokenUsesOptions = {
  readonly db: Database;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

export class OperatorTokenUses {
  private readonly options: OperatorTokenUsesOptions;
  private readonly noted = new Set<string>();
  private hour = 0;

  constructor(options: OperatorTokenUsesOptions) {
    this.options = options;
  }

  /** @param refusal the code with which the use was refused; null: it was let in */
  note(actor: Actor, refusal: string | null): void {
    const hour = Math.floor(this.options.now() / HOUR_MS);
    if (hour !== this.hour) this.noted.clear();
    this.hour = hour;
    const address = this.noted.size < MAX_ADDRESSES ? actor.ip : OTHERS;
    const key = `${refusal ?? ""} ${address}`;
    if (this.noted.has(key)) return;
    this.noted.add(key);
    if (refusal !== null) this.options.log.warn({ ip: actor.ip, code: refusal }, "operator token refused");
    this.write(actor, refusal).catch((error: unknown) => {
      // The next use is written instead.
      this.noted.delete(key);
      this.options.log.warn({ reason: String(error) }, "use of the operator token not written to the audit log");
    });
  }

  private async write(actor: Actor, refusal: string | null): Promise<void> {
    const action = refusal === null ? "operator-token.use" : "operator-token.refuse";
    const after = refusal === null ? null : { code: refusal };
    const about = { schoolId: null, targetKind: "operator-token", targetId: "environment" };
    await this.options.db
      .insertInto("audit")
      .values(auditRow(actor, { action, after, ...about }))
      .execute();
  }
}
