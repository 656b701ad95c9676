/** Names what routes tell of other people: each look is in the audit log, as `read.people`. */

/**
 * people: lists of them. person: one account. archive: everything about a person. export: of any of these as a file. attendance, results, check-ins: of
 * pupils. candidates: a wall of an examination, or one candidate with live pictures. recording: watched or downloaded. viewing: who watched, from where, and how it went. audit: the log itself. deliveries: what webhooks were told.
 * school: an operator looked into one.
 */
export const READINGS = [
  "people",
  "person",
  "archive",
  "export",
  "attendance",
  "results",
  "check-ins",
  "candidates",
  "recording",
  "viewing",
  "audit",
  "deliveries",
  "school",
] as const;
export type Reading = (typeof READINGS)[number];

/** What a route reads; or the reason why its answer, which names people, is not in the log. */
export type Reads = Exclude<Reading, "school"> | { readonly unlogged: string };
