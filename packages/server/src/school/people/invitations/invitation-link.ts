/** Defines how long links of invitations work. Invitations are sent before a term begins, and a slip lies in a drawer for some days. */
export const INVITATION_HOURS = 14 * 24;
