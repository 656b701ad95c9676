/** Compares the entity tags of conditional requests (RFC 9110, section 8.8.3). */

/** Whether `If-None-Match` names a tag (RFC 9110 section 13.1.2): compares weakly. Tags of ours have no comma. */
export function hasTag(condition: string, etag: string): boolean {
  if (condition === etag) return true;
  const strong = strongTag(etag);
  return condition.split(",").some((tag) => tag.trim() === "*" || strongTag(tag.trim()) === strong);
}

function strongTag(tag: string): string {
  return tag.startsWith("W/") ? tag.slice(2) : tag;
}
