/** Deletes schools with everything of theirs: the files of recordings first, then the rows. A restart continues. */
import { sql } from "kysely";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import type { Logger } from "../../../platform/log.ts";
import type { Changes } from "../../foundation/store/change.ts";
import { deletePolicies } from "../../foundation/store/delete-policies.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Database, School } from "../../foundation/store/tables.ts";
import { soleItem, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import type { MaterialStore } from "../../lessons/materials/material-store.ts";
import { deleteMaterial } from "../../lessons/materials/material-task.ts";
import type { RecordingLibrary } from "../../lessons/recordings/recording-library.ts";
import { deleteLinkKeys } from "../../streams/link-keys/link-keys.ts";
import { deleteReferring, deleteRows } from "./delete-rows.ts";

const RECORDINGS_PER_STEP = 20;

export type SchoolDeletionOptions = {
  readonly db: Database;
  readonly changes: Changes;
  readonly log: Logger;
  readonly recordings: Pick<RecordingLibrary, "remove" | "ruleChanged">;
  readonly materials: MaterialStore;
  readonly policyNotices: PolicyNotices;
};

export function schoolDeletion(options: SchoolDeletionOptions): WorkKind<WorkItem> {
  const { db } = options;
  return {
    name: "school-deletion",
    // Each of them keeps the database busy.
    places: { total: 1 },
    failure: "school not deleted, trying again",
    isWokenBy: ({ action }) => action === "school.delete",
    find: async () => {
      const schools = await db.selectFrom("schools").select("id").where("deleting_since", "is not", null).execute();
      return schools.map(({ id }) => soleItem(id, 0));
    },
    perform: async ({ id }, { signal }) => {
      const school = await db.selectFrom("schools").selectAll().where("id", "=", id).executeTakeFirst();
      if (school) await new Deletion(options, signal).deleteSchool(school);
    },
  };
}

/** Stops after the step that is under way when the process ends. */
class Deletion {
  private readonly options: SchoolDeletionOptions;
  private readonly signal: AbortSignal;

  constructor(options: SchoolDeletionOptions, signal: AbortSignal) {
    this.options = options;
    this.signal = signal;
  }

  async deleteSchool(school: School): Promise<void> {
    const { db, changes, log } = this.options;
    await this.deletePolicies(school.id);
    await this.deleteFiles(school.id);
    await this.deleteMaterials(school.id);
    const stop = () => this.signal.aborted;
    // The audit log refers to schools by their ids only.
    await deleteRows(db, "audit", sql<boolean>`school_id = ${school.id}`, stop);
    await db.deleteFrom("audit_checkpoints").where("school_id", "=", school.id).execute();
    await deleteReferring(db, "schools", sql<boolean>`id = ${school.id}`, stop);
    if (this.signal.aborted) return;
    await changes.transact(SYSTEM, async (change) => {
      await change.trx.deleteFrom("schools").where("id", "=", school.id).execute();
      // Looks at the school that were written meanwhile; those that come now find none (`reading-log.ts`).
      await change.trx.deleteFrom("audit").where("school_id", "=", school.id).execute();
      await change.audit({ action: "school.deleted", schoolId: null, targetKind: "school", targetId: school.id });
      return { body: null };
    });
    log.info({ school: school.id, slug: school.slug }, "school deleted");
  }

  /** With the link keys and the lists of addresses, which they name. */
  private async deletePolicies(schoolId: string): Promise<void> {
    const { db, policyNotices } = this.options;
    const forget = await deletePolicies(db, policyNotices, { schoolId });
    forget();
    await deleteLinkKeys(db, policyNotices, schoolId);
    const lists = await db.selectFrom("address_lists").select("id").where("school_id", "=", schoolId).execute();
    for (const { id } of lists) {
      await db.deleteFrom("address_lists").where("id", "=", id).execute();
      policyNotices.policyChanged({ part: "address-list", id });
    }
  }

  private async deleteMaterials(schoolId: string): Promise<void> {
    const { db, materials, log } = this.options;
    const rows = await db.selectFrom("materials").selectAll().where("school_id", "=", schoolId).execute();
    for (const row of rows) {
      if (this.signal.aborted) return;
      if (!(await deleteMaterial({ db, materials, log }, row))) throw new Error("the files of a material cannot be deleted yet");
    }
  }

  private async deleteFiles(schoolId: string): Promise<void> {
    const { db, recordings } = this.options;
    const ofSchool = db.selectFrom("recordings").select(["id", "files"]).where("school_id", "=", schoolId);
    while (!this.signal.aborted) {
      const rows = await ofSchool.orderBy("id").limit(RECORDINGS_PER_STEP).execute();
      if (rows.length === 0) return;
      for (const { id, files } of rows) {
        await recordings.remove(files);
        await db.deleteFrom("recordings").where("id", "=", id).execute();
        recordings.ruleChanged(id);
      }
    }
  }
}
