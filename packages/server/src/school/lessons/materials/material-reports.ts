/** Applies what workers report of conversions. A report of an attempt that is superseded, or of a material that was deleted, changes nothing. */

import type { ConversionReport, ConvertedPage, MaterialProblem } from "../../../contracts/materials/material-messages.ts";
import { json } from "../../../platform/store/store.ts";
import type { Changes } from "../../foundation/store/change.ts";
import type { Material } from "../../foundation/store/material-tables.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** A worker reports each second. */
export const LEASE_MS = 10_000;
/** Attempts that something else has ended: the machine may have had no memory, or a worker was restarted. */
export const MAX_TRIES = 3;

/** Problems that may be over at the next attempt. */
const PASSING: readonly MaterialProblem[] = ["interrupted", "storage-away"];

/** False: nobody wants the attempt any more. @param onWaiting the material waits again */
export async function applyReport(changes: Changes, report: ConversionReport, onWaiting: () => void): Promise<boolean> {
  const { body } = await changes.transact(SYSTEM, async (change) => {
    const { trx } = change;
    const material = await trx
      .selectFrom("materials")
      .selectAll()
      .where("id", "=", report.id)
      .where("term", "=", report.term)
      .where("state", "=", "converting")
      .where("deleted_at", "is", null)
      .forUpdate()
      .executeTakeFirst();
    if (!material) return { body: false };
    const row = trx.updateTable("materials").where("id", "=", material.id);
    if (report.state === "converting") {
      await storePages(trx, material, report.pages);
      const first = report.pages.find(({ n }) => n === 1);
      const size = first ? { width: first.width, height: first.height } : {};
      const lease = { worker: report.worker, lease_until: new Date(Date.now() + LEASE_MS), total: report.total };
      await row.set({ ...lease, ...size, pages: await countPages(trx, material.id) }).execute();
      return { body: true };
    }
    if (report.state === "failed") {
      const isAgain = PASSING.includes(report.problem) && material.tries < MAX_TRIES;
      await (isAgain ? row.set(WAITING_AGAIN) : row.set(failed(report.problem))).execute();
      if (isAgain) change.afterCommit(onWaiting);
    } else {
      const first = await trx
        .selectFrom("material_pages")
        .selectAll()
        .where("material_id", "=", material.id)
        .where("n", "=", 1)
        .executeTakeFirst();
      const { kind, pages, notices, bytes, stored } = report;
      await row
        .set({
          state: "ready",
          problem: null,
          kind,
          pages,
          total: pages,
          notices: json(notices),
          picture_bytes: bytes,
          width: first?.width ?? null,
          height: first?.height ?? null,
          worker: null,
          lease_until: null,
          ...(stored ? { node: null } : {}),
        })
        .execute();
      // Of an attempt before, where there were more.
      await trx.deleteFrom("material_pages").where("material_id", "=", material.id).where("n", ">", pages).execute();
    }
    return { body: true };
  });
  return body;
}

/** The columns of a material whose attempt has ended without a result. */
export const WAITING_AGAIN = { state: "waiting", worker: null, lease_until: null } as const;

export function failed(problem: MaterialProblem) {
  return { state: "failed", problem, worker: null, lease_until: null } as const;
}

async function storePages(db: Db, { id }: Material, pages: readonly ConvertedPage[]): Promise<void> {
  if (pages.length === 0) return;
  await db
    .insertInto("material_pages")
    .values(pages.map(({ n, text, notes, width, height }) => ({ material_id: id, n, text, notes, width, height })))
    .onConflict((conflict) =>
      conflict.columns(["material_id", "n"]).doUpdateSet(({ ref }) => ({
        text: ref("excluded.text"),
        notes: ref("excluded.notes"),
        width: ref("excluded.width"),
        height: ref("excluded.height"),
      })),
    )
    .execute();
}

async function countPages(db: Db, id: string): Promise<number> {
  const pages = db.selectFrom("material_pages").select((row) => row.fn.countAll<number>().as("count"));
  const { count } = await pages.where("material_id", "=", id).executeTakeFirstOrThrow();
  return Number(count);
}
