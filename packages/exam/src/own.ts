/** Reads records whose keys came from outside: `constructor` is no key that every record has. */

export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
