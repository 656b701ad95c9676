/**
 * Leases the conversions of materials to nodes, takes back leases whose worker is gone, and deletes the files of materials that people have deleted.
 * All that is due is done in one turn: schools with the fewest conversions come first, which no single row says.
 */
import { sql } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import type { Material } from "../../foundation/store/material-tables.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { soleItem, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import { failed, LEASE_MS, MAX_TRIES, WAITING_AGAIN } from "./material-reports.ts";
import type { MaterialStore } from "./material-store.ts";

export type MaterialTaskOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly materials: MaterialStore;
};

export const MATERIALS = "materials";
/** From turn to turn while something waits for a place at a node, or for a node. */
const REST_MS = 2000;
/** Others wait for the next turn. */
const AT_ONCE = 20;
/** An upload that nobody goes on with is deleted. */
const OPEN_HOURS = 48;
/** A node with files that is gone for so long has lost them. */
const LOST_MS = 3600_000;

export function materialTurns(options: MaterialTaskOptions): WorkKind<WorkItem> {
  return {
    name: MATERIALS,
    places: { total: 1 },
    restMs: REST_MS,
    failure: "materials not looked after, trying again",
    find: async ({ until, busy }) => {
      const dueAt = busy.length > 0 ? null : await turnDueAt(options.db);
      return dueAt === null || dueAt > until ? [] : [soleItem("turn", dueAt)];
    },
    perform: async (_, { now }) => {
      await takeBack(options, now);
      await beginWaiting(options, now);
      await deleteFiles(options, now);
    },
  };
}

/** When the first material has to be looked after; null: none. */
async function turnDueAt(db: Database): Promise<number | null> {
  const row = await db
    .selectFrom("materials")
    .select(
      sql<Date | null>`least(
        min(waiting_since) filter (where state = 'waiting' and deleted_at is null),
        min(lease_until) filter (where state = 'converting'),
        min(greatest(deleted_at, lease_until)) filter (where deleted_at is not null),
        min(created_at) filter (where state = 'uploading' and deleted_at is null) + ${sql.lit(OPEN_HOURS)} * interval '1 hour'
      )`.as("due_at"),
    )
    // As the index of what is in work has it.
    .where(sql<boolean>`state in ('uploading', 'waiting', 'converting') or deleted_at is not null`)
    .executeTakeFirst();
  return row?.due_at?.getTime() ?? null;
}

/** A worker is gone with what it converted. @param worker `NODE/WORKER` */
export async function workerGone(db: Database, worker: string): Promise<void> {
  await db
    .updateTable("materials")
    .set({ lease_until: new Date(0) })
    .where("state", "=", "converting")
    .where("worker", "=", worker)
    .execute();
}

async function takeBack({ db }: MaterialTaskOptions, now: number): Promise<void> {
  const over = db.updateTable("materials").where("state", "=", "converting").where("lease_until", "<", new Date(now));
  await over.set(failed("interrupted")).where("tries", ">=", MAX_TRIES).execute();
  await over.set(WAITING_AGAIN).execute();
}

/** Begins conversions for which there is a place. Schools with the fewest conversions come first, then what has waited longest. */
export async function beginWaiting({ db, materials, log }: MaterialTaskOptions, now: number): Promise<void> {
  const running = sql`(select count(*) from materials as other where other.school_id = materials.school_id and other.state = 'converting')`;
  const waiting = await db
    .selectFrom("materials")
    .selectAll()
    .where("state", "=", "waiting")
    .where("deleted_at", "is", null)
    .orderBy(running)
    .orderBy("waiting_since")
    .limit(AT_ONCE)
    .execute();
  const busy = new Set<string>();
  for (const material of waiting) {
    const node = material.node ?? materials.self;
    if (busy.has(node)) continue;
    const waitedMs = now - (material.waiting_since?.getTime() ?? now);
    if (!materials.isNodeUp(node)) {
      if (waitedMs > LOST_MS) await db.updateTable("materials").set(failed("upload-lost")).where("id", "=", material.id).execute();
      continue;
    }
    // A material that waits stays as it is until there is a place for it: people see its state.
    if (!(await materials.reserve(node, { id: material.id, waitedMs }).catch(() => true))) {
      busy.add(node);
      continue;
    }
    const leased = await lease(db, material, node, now);
    if (!leased) continue;
    const task = { id: material.id, term: leased.term, filename: material.filename, size: Number(material.size) };
    const answer = await materials.convert(node, task, waitedMs).catch((error: unknown) => {
      log.warn({ material: material.id, node, reason: String(error) }, "node refused conversion");
      return "busy" as const;
    });
    if (answer === "begun") continue;
    busy.add(node);
    await giveBack(db, leased);
  }
}

async function lease(db: Database, material: Material, node: string, now: number): Promise<Material | undefined> {
  return await db
    .updateTable("materials")
    .set({
      state: "converting",
      term: material.term + 1,
      tries: material.tries + 1,
      pages: 0,
      total: null,
      worker: `${node}/`,
      lease_until: new Date(now + LEASE_MS),
    })
    .where("id", "=", material.id)
    .where("state", "=", "waiting")
    .where("term", "=", material.term)
    .returningAll()
    .executeTakeFirst();
}

/** The node had no room: that was no try. */
async function giveBack(db: Database, { id, term, tries }: Material): Promise<void> {
  await db
    .updateTable("materials")
    .set({ ...WAITING_AGAIN, tries: tries - 1 })
    .where("id", "=", id)
    .where("term", "=", term)
    .where("state", "=", "converting")
    .execute();
}

async function deleteFiles({ db, materials, log }: MaterialTaskOptions, now: number): Promise<void> {
  const old = new Date(now - OPEN_HOURS * 3600_000);
  await db
    .updateTable("materials")
    .set({ deleted_at: new Date(now) })
    .where("state", "=", "uploading")
    .where("created_at", "<", old)
    .where("deleted_at", "is", null)
    .execute();
  // A worker that still converts one hears with its next report that nobody wants it.
  const deleted = await db
    .selectFrom("materials")
    .selectAll()
    .where("deleted_at", "is not", null)
    .where(({ or, eb }) => or([eb("lease_until", "is", null), eb("lease_until", "<", new Date(now))]))
    // Those of a node that is gone do not hold up the others.
    .orderBy(sql`random()`)
    .limit(AT_ONCE)
    .execute();
  for (const material of deleted) await deleteMaterial({ db, materials, log }, material);
}

/** Deletes the files, then the row. What cannot be deleted yet is tried again. */
export async function deleteMaterial(
  { db, materials, log }: Pick<MaterialTaskOptions, "db" | "materials" | "log">,
  { id, node, total, pages }: Material,
): Promise<boolean> {
  try {
    await materials.remove(node, id, Math.max(total ?? 0, pages));
  } catch (error) {
    log.warn({ material: id, node, reason: String(error) }, "material files not deleted, retrying");
    return false;
  }
  await db.deleteFrom("materials").where("id", "=", id).execute();
  return true;
}
