/** Defines types of the tables of probes, for Kysely. */
import type { Generated, Selectable } from "kysely";
import type { PROBE_VERDICTS, ProbeReport } from "../../../contracts/monitoring/probe-report.ts";
import type { Created, Instant, Json, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

type ProbeTable = {
  readonly id: string;
  /** Null: the operator's, which watches lessons of all schools. */
  readonly school_id: string | null;
  /** Null: all lessons that are live. */
  lesson_id: string | null;
  name: string;
  /** The node to watch at; null: the one that the dispatch chooses. */
  via: string | null;
  every_seconds: number;
  /** How long each run watches. */
  seconds: number;
  black: boolean;
  frozen: boolean;
  silent: boolean;
  enabled: boolean;
  /** A person has asked for a run now. */
  asked_at: MaybeInstant;
  readonly created_at: Created;
  version: Generated<number>;
};

type ProbeRunTable = {
  readonly id: string;
  readonly probe_id: string;
  readonly lesson_id: string;
  /** The node that watched. */
  readonly node: string;
  readonly at: Instant;
  /** When a control process stored it, by the database's clock. */
  readonly taken_at: Created;
  readonly verdict: (typeof PROBE_VERDICTS)[number];
  readonly report: Json<ProbeReport>;
};

export type ProbeTables = { probes: ProbeTable; probe_runs: ProbeRunTable };
export type Probe = Selectable<ProbeTable>;
export type ProbeRun = Selectable<ProbeRunTable>;

export const PROBE_PRIVACY = {
  probes: { erasure: "school", atRest: "school" },
  probe_runs: { erasure: "figures", atRest: "figures" },
} as const satisfies PrivacyOf<ProbeTables>;
