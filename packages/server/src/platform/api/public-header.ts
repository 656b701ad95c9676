/**
 * Defines the header by which the control process marks an answer that everybody without a credential gets: the milliseconds for which it may be
 * given again. It passes between processes only; media workers remove it.
 */
export const PUBLIC_HEADER = "x-lectern-public";
