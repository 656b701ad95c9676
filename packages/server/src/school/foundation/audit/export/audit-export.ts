/**
 * Sends the audit log to a receiver of syslog, checkpoint by checkpoint, in order. What was sent is noted at its checkpoint once the receiver has taken it: a restart
 * or an unreachable receiver loses nothing, and may bring entries twice, with the same ids.
 */
import { hostname } from "node:os";
import { sql } from "kysely";
import type { ComponentSample } from "../../../../contracts/monitoring/node-sample.ts";
import type { AuditSettings } from "../../../../platform/config/audit-schema.ts";
import type { AuditCheckpoint } from "../../store/audit-tables.ts";
import type { Database } from "../../store/tables.ts";
import { soleItem, type WorkItem, type WorkKind } from "../../work/work-kind.ts";
import { entriesOf, schoolOf } from "../chains.ts";
import type { ExportedEntry } from "./exported-entry.ts";
import { syslogMessage } from "./syslog-message.ts";
import { sendSyslog } from "./syslog-sender.ts";

export const AUDIT_EXPORT = "audit-export";
/** Checkpoints of one connection, and their entries; one checkpoint may have as many. */
const MAX_CHECKPOINTS = 50;
const MAX_ENTRIES = 1000;
/** Checkpoints are made each minute. */
const LATE_SECONDS = 300;
const VERY_LATE_SECONDS = 3600;

export type AuditExportOptions = {
  readonly db: Database;
  readonly settings: () => AuditSettings["syslog"];
  readonly isLeader: () => boolean;
  /** Of Lectern. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

export class AuditExport {
  private readonly options: AuditExportOptions;
  /** When the newest entry was written of the oldest checkpoint that was not sent; null: all were. */
  private oldest: number | null = null;
  private failure = "";

  constructor(options: AuditExportOptions) {
    this.options = options;
  }

  kind(): WorkKind<WorkItem> {
    return {
      name: AUDIT_EXPORT,
      places: { total: 1 },
      restMs: 0,
      failure: "audit log not sent, trying again",
      find: async ({ busy }) => {
        await this.readOldest();
        return this.oldest === null || busy.length > 0 ? [] : [soleItem(AUDIT_EXPORT, this.oldest)];
      },
      perform: async (_, { signal }) => {
        try {
          await this.sendNext(signal);
          this.failure = "";
        } catch (error) {
          this.failure = error instanceof Error ? error.message : String(error);
          throw error;
        }
      },
    };
  }

  /** The age of what was not sent yet; null: this process sends nothing. */
  lagSeconds(): number | null {
    if (!this.isOn) return null;
    return this.oldest === null ? 0 : Math.max(0, (this.options.now() - this.oldest) / 1000);
  }

  /** For the node's page, its metrics and alarms; null: this process sends nothing. */
  component(): ComponentSample | null {
    const lag = this.lagSeconds();
    if (lag === null) return null;
    const state = lag > VERY_LATE_SECONDS ? "down" : lag > LATE_SECONDS ? "degraded" : "up";
    const late = state === "up" ? [] : [`what was written ${Math.round(lag)} s ago is not sent`];
    return { name: "audit export", state, latencyMs: null, detail: [...late, this.failure].filter(Boolean).join(": ") };
  }

  private get isOn(): boolean {
    return this.options.settings().url !== "" && this.options.isLeader();
  }

  private async readOldest(): Promise<void> {
    const [oldest] = this.options.settings().url === "" ? [] : await this.unsent(1);
    this.oldest = oldest?.newest_at.getTime() ?? null;
  }

  private unsent(limit: number): Promise<AuditCheckpoint[]> {
    const checkpoints = this.options.db.selectFrom("audit_checkpoints").selectAll();
    const unsent = checkpoints.where("exported_at", "is", null).where("expired_at", "is", null);
    return unsent.orderBy("newest_at").orderBy("school_id").orderBy("number").limit(limit).execute();
  }

  private async sendNext(signal: AbortSignal): Promise<void> {
    const { db, settings, version } = this.options;
    const { format } = settings();
    const sender = { host: hostname(), version };
    const messages: Buffer[] = [];
    const sent: AuditCheckpoint[] = [];
    let entries = 0;
    for (const checkpoint of await this.unsent(MAX_CHECKPOINTS)) {
      entries += checkpoint.entries;
      if (sent.length > 0 && entries > MAX_ENTRIES) break;
      for (const entry of [
        ...(await entriesOf(db, schoolOf(checkpoint.school_id), checkpoint.number)),
        checkpointEntry(checkpoint),
      ])
        messages.push(syslogMessage(entry, format, sender));
      sent.push(checkpoint);
    }
    if (sent.length === 0) return;
    await sendSyslog(settings(), messages, signal);
    await sql`update audit_checkpoints set exported_at = now()
      from (select unnest(${sent.map(({ school_id }) => school_id)}::text[]) as school_id,
        unnest(${sent.map(({ number }) => number)}::integer[]) as number) as sent
      where audit_checkpoints.school_id = sent.school_id and audit_checkpoints.number = sent.number`.execute(db);
  }
}

/** The receiver has the heads of the chain, too: the database can lose none unseen. */
function checkpointEntry({
  school_id,
  number,
  entries,
  digest,
  signature,
  public_key,
  created_at,
}: AuditCheckpoint): ExportedEntry {
  const school = schoolOf(school_id);
  return {
    id: `${school ?? "platform"}.${number}`,
    school_id: school,
    at: created_at,
    actor_kind: "system",
    actor_id: null,
    actor_name: "lectern",
    ip: "",
    action: "audit.checkpoint",
    target_kind: "checkpoint",
    target_id: String(number),
    before: null,
    after: { entries, digest, signature, publicKey: public_key },
  };
}
