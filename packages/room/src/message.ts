/** Bounds of what a member sends: one JSON object with an id of its making and a kind; everything else in it is the kind's. */

/** In bytes. */
export const MAX_MESSAGE = 16 * 1024;
export const MAX_MESSAGE_ID = 64;
/** Printable ASCII: ids are stored, compared and logged. */
export const MESSAGE_ID = /^[!-~]+$/;
export const KIND_NAME = /^[a-z][a-z-]{0,31}$/;

/** What a person may send: so many at once, and so many a second from then on. */
export const ALLOWANCE = { burst: 20, perSecond: 5 } as const;
/** Kinds that come many times a second: a pen sends 25 times. */
const OFTEN: readonly string[] = ["stroke", "laser"];
/** Of these kinds, beside the others. */
export const OFTEN_ALLOWANCE = { burst: 60, perSecond: 30 } as const;

export function isOften(kind: string): boolean {
  return OFTEN.includes(kind);
}
