/** Defines how a route states what its call does for people of each role. `e2e/school-roles.test.ts` makes all of these calls, and fails where one does otherwise. */

/** +: allowed. -: refused (401 or 403). 0: what the path names is not there for them (404, 410). */
type Outcome = "+" | "-" | "0";

/**
 * In this order: operator, administrator, teacher, teacher of other courses, assistant, student, supervisor, no account. Teacher, assistant, student
 * and supervisor belong to the course of the thing.
 */
export type Outcomes = `${Outcome}${Outcome}${Outcome}${Outcome}${Outcome}${Outcome}${Outcome}${Outcome}`;

/** With things of the own school, and with those of another one; null: the route has no such thing. */
export type Rights = readonly [own: Outcomes, other: Outcomes | null];
