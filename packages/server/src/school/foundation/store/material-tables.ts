/** Defines types of the tables of teaching materials, for Kysely. */
import type { Generated, Selectable } from "kysely";
import type { MaterialKind, MaterialNotice, MaterialProblem } from "../../../contracts/materials/material-messages.ts";
import type { Created, Json, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** uploading: bytes are missing. waiting: for a node with room. ready: all pages are there. failed: `problem` says why. */
export const MATERIAL_STATES = ["uploading", "waiting", "converting", "ready", "failed"] as const;
export type MaterialState = (typeof MATERIAL_STATES)[number];

export type MaterialTable = {
  readonly id: string;
  readonly school_id: string;
  /** Null: the person is gone; administrators have the material. */
  readonly owner_id: string | null;
  title: string;
  readonly filename: string;
  /** Of the uploaded file, bytes. */
  readonly size: number;
  uploaded: Generated<number>;
  /** Null: not known yet. */
  kind: MaterialKind | null;
  state: MaterialState;
  problem: MaterialProblem | null;
  notices: Json<readonly MaterialNotice[]>;
  /** That are done. */
  pages: Generated<number>;
  /** Null: not known yet. */
  total: number | null;
  /** Of the first page's large picture. */
  width: number | null;
  height: number | null;
  picture_bytes: Generated<number>;
  /** The node with the files; null: they are in the object storage. */
  node: string | null;
  /** Counts the leases of its conversion. */
  term: Generated<number>;
  /** Leases that ended without a result, since a person asked last. */
  tries: Generated<number>;
  /** `NODE/WORKER` that converts it; `NODE/` before that worker has reported. */
  worker: string | null;
  lease_until: MaybeInstant;
  waiting_since: MaybeInstant;
  /** Its files are being deleted. */
  deleted_at: MaybeInstant;
  readonly created_at: Created;
  version: Generated<number>;
};

export type MaterialPageTable = {
  readonly material_id: string;
  readonly n: number;
  readonly text: string;
  readonly notes: string;
  readonly width: number;
  readonly height: number;
};

/** The materials of a lesson. */
export type LessonMaterialTable = {
  readonly lesson_id: string;
  readonly material_id: string;
  /** When it was shown first: from then on, people in the lesson's room have its pictures. Null: not yet. */
  opened_at: MaybeInstant;
  readonly created_at: Created;
};

export type MaterialTables = {
  materials: MaterialTable;
  material_pages: MaterialPageTable;
  lesson_materials: LessonMaterialTable;
};

export type Material = Selectable<MaterialTable>;

export const MATERIAL_PRIVACY = {
  materials: { erasure: "school", atRest: "school" },
  material_pages: { erasure: "school", atRest: "personal" },
  lesson_materials: { erasure: "school", atRest: "figures" },
} as const satisfies PrivacyOf<MaterialTables>;
