/** The content security policy of all pages: they load nothing from other origins, and run nothing that stands in the page itself. */

export type PolicyOptions = {
  /** Allows the style elements that a page's own script creates; new in each response. */
  readonly nonce: string;
  /** Who may frame the page: only the player page is for pages of other origins. */
  readonly frames: "'self'" | "*";
  /** Whether streams may come from other nodes of a cluster. */
  readonly isOneOfMany: boolean;
};

export function contentPolicy({ nonce, frames, isOneOfMany }: PolicyOptions): string {
  const others = isOneOfMany ? " http: https:" : "";
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    `media-src 'self' blob:${others}`,
    `connect-src 'self' ws: wss:${others}`,
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frames}`,
  ].join("; ");
}
