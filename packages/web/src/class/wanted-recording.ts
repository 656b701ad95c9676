/** Reads from the address of a class which recording is wanted after the lesson, and where: links of a search lead there. */

export type WantedRecording = {
  /** Null: the newest. */
  readonly id: string | null;
  /** Where it begins, seconds; null: where the person left. */
  readonly startAt: number | null;
  /** What is searched in it first; empty: nothing. */
  readonly find: string;
};

/** @param query of the address: `?recording=ID&t=SECONDS&find=TEXT` */
export function wantedRecording(query: string): WantedRecording {
  const parameters = new URLSearchParams(query);
  const from = parameters.get("t");
  const seconds = from === null ? Number.NaN : Number(from);
  return {
    id: parameters.get("recording"),
    startAt: Number.isFinite(seconds) ? seconds : null,
    find: parameters.get("find") ?? "",
  };
}
