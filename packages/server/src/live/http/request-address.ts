/**
 * The address of an HTTP request, split once for all doors. Nothing is decoded or normalised: an escaped or dotted path matches no door of
 * media, so there is nothing to smuggle past their rules.
 */

export class RequestAddress {
  /** As it was sent, with the query. */
  readonly url: string;
  readonly path: string;
  /** Without the question mark; empty where there is none. */
  readonly search: string;
  private parsedQuery: URLSearchParams | null = null;
  private parsedSegments: readonly string[] | null = null;

  constructor(url: string) {
    const cut = url.indexOf("?");
    this.url = url;
    this.path = cut < 0 ? url : url.slice(0, cut);
    this.search = cut < 0 ? "" : url.slice(cut + 1);
  }

  /** Parsed when a door first reads it: most addresses have none that matters. */
  get query(): URLSearchParams {
    this.parsedQuery ??= new URLSearchParams(this.search);
    return this.parsedQuery;
  }

  /** The path's parts between slashes: `/live/math.flv` has `live` and `math.flv`. */
  get segments(): readonly string[] {
    this.parsedSegments ??= this.path.split("/").slice(1);
    return this.parsedSegments;
  }
}
