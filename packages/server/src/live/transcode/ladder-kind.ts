/** Names the leases of ladders and forms in the rows of the stream table. */
import { FORMS, type Form } from "../stream-name.ts";

const LADDER = "ladder";

/** The kind of a ladder's lease, or of a form's. */
export function ladderKind(form: Form | null): string {
  return form === null ? LADDER : `${LADDER}-${form}`;
}

/** The ladder, and every form. */
export const LADDER_FORMS: readonly (Form | null)[] = [null, ...FORMS];

/** Whether a lease is that of a ladder or a form. */
export function isLadderKind(kind: string): boolean {
  return LADDER_FORMS.some((form) => ladderKind(form) === kind);
}
