/**
 * Provides the address of an HTTP request, split once for all doors. Nothing is decoded or normalised: an escaped or dotted path matches no door of
 * media, so there is nothing to smuggle past their rules. Only the signature that some CDNs put before the path is taken off.
 */
import { type SignedPrefix, splitSignedPath } from "../../access/links/schemes/foreign-token.ts";

export class RequestAddress {
  /** As it was sent, with the query. */
  readonly url: string;
  /** Without a signature before it. */
  readonly path: string;
  /** Null: there was none. */
  readonly signedPrefix: SignedPrefix | null;
  /** Without the question mark; empty where there is none. */
  readonly search: string;
  private parsedQuery: URLSearchParams | null = null;
  private parsedSegments: readonly string[] | null = null;

  constructor(url: string) {
    const cut = url.indexOf("?");
    this.url = url;
    const path = cut < 0 ? url : url.slice(0, cut);
    const split = splitSignedPath(path);
    this.path = split?.pathname ?? path;
    this.signedPrefix = split?.token ?? null;
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
