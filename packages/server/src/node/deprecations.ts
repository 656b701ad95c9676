/**
 * Lists what of the stable parts (docs/versions.md) will go, and when. `lectern config check` and `lectern version --check` name what is in use, and
 * script/contracts.ts refuses that something goes which has not been here for long enough.
 */
export type Deprecation = {
  /** Which part has it, as docs/versions.md names it. */
  readonly part: "configuration" | "api" | "room" | "webhooks" | "metrics";
  /** A key such as `http.port`, an operation such as `GET /api/v1/lessons`, the name of a kind, an event or a metric. */
  readonly name: string;
  /** The first version that says so. */
  readonly since: string;
  /** It works at least up to this day, `2027-11-30`. */
  readonly until: string;
  /** What to use now, as a sentence. */
  readonly instead: string;
};

export const DEPRECATIONS: readonly Deprecation[] = [];
