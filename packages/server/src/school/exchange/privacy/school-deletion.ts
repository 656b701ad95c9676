/** Deletes schools with everything of theirs: the files of recordings first, then the rows. A restart continues. Only the leader deletes. */
import { sql } from "kysely";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import type { Logger } from "../../../platform/log.ts";
import { PeriodicWork } from "../../../platform/periodic-work.ts";
import type { Changes } from "../../foundation/store/change.ts";
import { deletePolicies } from "../../foundation/store/delete-policies.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Database, School } from "../../foundation/store/tables.ts";
import type { MaterialStore } from "../../lessons/materials/material-store.ts";
import { deleteMaterial } from "../../lessons/materials/material-task.ts";
import type { RecordingLibrary } from "../../lessons/recordings/recording-library.ts";
import { deleteLinkKeys } from "../../streams/link-keys/link-keys.ts";
import { deleteReferring, deleteRows } from "./delete-rows.ts";

const POLL_MS = 5000;
const RECORDINGS_PER_STEP = 20;

export type SchoolDeletionOptions = {
  readonly db: Database;
  readonly changes: Changes;
  readonly log: Logger;
  readonly recordings: Pick<RecordingLibrary, "remove" | "ruleChanged">;
  readonly materials: MaterialStore;
  readonly policyNotices: PolicyNotices;
  readonly isLeader: () => boolean;
};

export class SchoolDeletion {
  private readonly options: SchoolDeletionOptions;
  private readonly work: PeriodicWork;
  private closed = false;

  constructor(options: SchoolDeletionOptions) {
    this.options = options;
    this.work = new PeriodicWork({
      everyMs: POLL_MS,
      work: () => this.deleteAll(),
      log: options.log,
      failure: "school not deleted, trying again",
      isWanted: () => !this.closed && options.isLeader(),
    });
  }

  start(): void {
    this.work.start();
    this.wake();
  }

  /** Looks for schools to delete, where this process is the leader. */
  wake(): void {
    this.work.wake();
  }

  /** Stops after the step that is under way. */
  async close(): Promise<void> {
    this.closed = true;
    await this.work.close();
  }

  private async deleteAll(): Promise<void> {
    const { db } = this.options;
    const schools = await db.selectFrom("schools").selectAll().where("deleting_since", "is not", null).execute();
    for (const school of schools) if (!this.closed) await this.deleteSchool(school);
  }

  private async deleteSchool(school: School): Promise<void> {
    const { db, changes, log } = this.options;
    await this.deletePolicies(school.id);
    await this.deleteFiles(school.id);
    await this.deleteMaterials(school.id);
    const stop = () => this.closed;
    // The audit log refers to schools by their ids only.
    await deleteRows(db, "audit", sql<boolean>`school_id = ${school.id}`, stop);
    await deleteReferring(db, "schools", sql<boolean>`id = ${school.id}`, stop);
    if (this.closed) return;
    await changes.transact(SYSTEM, async (change) => {
      await change.trx.deleteFrom("schools").where("id", "=", school.id).execute();
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
      if (this.closed) return;
      if (!(await deleteMaterial({ db, materials, log }, row))) throw new Error("the files of a material cannot be deleted yet");
    }
  }

  private async deleteFiles(schoolId: string): Promise<void> {
    const { db, recordings } = this.options;
    const ofSchool = db.selectFrom("recordings").select(["id", "files"]).where("school_id", "=", schoolId);
    while (!this.closed) {
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
