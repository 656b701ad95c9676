/**
 * Defines what search engines read and show of this server: the start page. Lessons of children must not be found there. Their pages may be read all
 * the same, because `noindex` counts for a crawler only where it may read the page, and an address alone, with its lesson code, would be shown
 * otherwise.
 */

/** RFC 9309: of the rules that match, the longest counts. */
export const ROBOTS = `User-agent: *
Disallow: /
Allow: /$
Allow: /assets/
Allow: /class/
Allow: /j/
`;

export const NO_INDEX = { "x-robots-tag": "noindex, nofollow" } as const;

/** @param url path and query of a page */
export function isForSearchEngines(url: string): boolean {
  return url === "/";
}
