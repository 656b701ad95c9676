/** Reads the back end's answers to callbacks in the styles of SRS and of nginx-rtmp. */
import { Refusal } from "../../platform/refusal.ts";

/** A response of the back end. */
export type BackEndResponse = { readonly status: number; readonly body: string; readonly location: string | null };

/** The back end allows the client; under another stream name where it says so. */
export type Allowed = { readonly name: string | null };

const NAME = /^[A-Za-z0-9_-]{1,128}$/;

/** SRS: 200 with `0`, or with JSON whose `code` is 0, allows; anything else refuses. */
export function readSrsAnswer({ status, body }: BackEndResponse): Allowed | Refusal {
  if (status === 200 && (body.trim() === "0" || codeOf(body) === 0)) return { name: null };
  return new Refusal("refused-by-callback");
}

/** nginx-rtmp: 2xx allows; a redirect to a name, or to an address that ends with one, allows that stream; anything else refuses. */
export function readNginxAnswer({ status, location }: BackEndResponse): Allowed | Refusal {
  if (status >= 200 && status < 300) return { name: null };
  const name = status >= 300 && status < 400 ? (location ?? "").split("?")[0]?.split("/").at(-1) : undefined;
  return name !== undefined && NAME.test(name) ? { name } : new Refusal("refused-by-callback");
}

function codeOf(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? Reflect.get(value, "code") : null;
  } catch {
    return null;
  }
}
