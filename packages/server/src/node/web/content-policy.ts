/** Provides the content security policy of all pages: they load nothing from other origins, and run nothing that stands in the page itself. */

export type PolicyOptions = {
  /** Allows the style elements that a page's own script creates; new in each response. */
  readonly nonce: string;
  /** Who may frame the page: the player page is for pages of all origins, the page of a launch for those of its platform. */
  readonly frames: "'self'" | "*" | readonly string[];
  /** Other origins to which forms of the page may go. Default: none. */
  readonly forms?: readonly string[];
  /** Whether streams may come from other nodes of a cluster. */
  readonly isOneOfMany: boolean;
};

export function contentPolicy({ nonce, frames, forms = [], isOneOfMany }: PolicyOptions): string {
  const others = isOneOfMany ? " http: https:" : "";
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    // Photos that somebody has just taken, or that come with a token.
    "img-src 'self' data: blob:",
    `media-src 'self' blob:${others}`,
    `connect-src 'self' ws: wss:${others}`,
    "base-uri 'none'",
    ["form-action 'self'", ...forms].join(" "),
    `frame-ancestors ${typeof frames === "string" ? frames : ["'self'", ...frames].join(" ")}`,
  ].join("; ");
}
