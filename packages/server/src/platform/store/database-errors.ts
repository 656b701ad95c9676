/** Tells the errors of PostgreSQL that the code above the store handles. It loads no driver, so that processes without a database may import it. */

/** The violated unique constraint (SQLSTATE 23505); null for other errors. */
export function brokenUniqueness(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "23505") return null;
  return "constraint" in error ? String(error.constraint) : "";
}

/**
 * Whether the database cannot store a value, such as a number out of range (SQLSTATE class 22). Schemas should refuse it earlier; a stranger's
 * value is still no fault of the server.
 */
export function isUnstorable(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^22/.test(String(error.code));
}

/** Whether a row that another one names was deleted at the same moment (SQLSTATE 23503). */
export function isBrokenReference(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "23503";
}

/** Whether the disk of the database is full (SQLSTATE 53100). */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "53100";
}

/** Whether an error says that the database is unavailable, rather than that a query is wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  // Class 08: connection; 57P0x: the server is shutting down or starting; 53300: too many connections.
  if (/^(08|57P0|53300)/.test(code) || /^E(CONNREFUSED|CONNRESET|PIPE|NOTFOUND|TIMEDOUT|HOSTUNREACH)|^ENOENT$/.test(code))
    return true;
  return /Connection terminated|timeout exceeded when trying to connect|embedded database has ended/.test(error.message);
}
