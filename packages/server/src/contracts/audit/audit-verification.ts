/** Defines what a verification of the audit log has found: the admin socket and the API tell it. */

/**
 * changed: an entry does not say what it said at its checkpoint. missing: entries of a checkpoint are gone. chain: the checkpoint does not follow the one before it, or
 * its entries are others than it was made of. signature: the checkpoint was not signed with the key that it names. key: it was
 * signed with a key that none of the server's secrets gives. unsigned: the server had no secret. expiry: its entries are gone, and the server has not signed that
 * their time was over.
 */
export const AUDIT_PROBLEMS = ["changed", "missing", "chain", "signature", "key", "unsigned", "expiry"] as const;
export type AuditProblem = {
  readonly problem: (typeof AUDIT_PROBLEMS)[number];
  readonly checkpoint: number;
  /** Null: it is about the checkpoint. */
  readonly entryId: string | null;
};

export type AuditVerification = {
  readonly checkpoints: number;
  readonly entries: number;
  /** Entries without names, because the person was erased. What they named cannot be verified. */
  readonly redacted: number;
  /** Checkpoints whose entries were deleted when the school's time for them was over. */
  readonly expired: number;
  readonly problems: AuditProblem[];
  /** Names of the keys that have signed. */
  readonly keys: string[];
  /** The newest checkpoint that was verified; null: there is none. */
  readonly head: { readonly number: number; readonly digest: string } | null;
  /** Verify from here on; null: all were verified. */
  readonly next: number | null;
  /** When the oldest entry was written that is still there; null: there is none. */
  readonly heldSince: string | null;
};
