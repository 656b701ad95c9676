/** `lectern sign`: prints a signed link to a live stream. */
import { signLink } from "../../access/links/signed-link.ts";

export type SignOptions = {
  readonly url: string;
  readonly secret: string;
  /** A duration from now: 90s, 15m, 2h, 7d. */
  readonly expires: string;
  readonly ip: string | undefined;
  readonly viewer: string | undefined;
};

const SECONDS: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3600, d: 86400 };
const STREAM_PATH = /^\/([A-Za-z0-9_-]{1,64})\/([A-Za-z0-9_-]{1,128})(@[A-Za-z0-9_-]+)?(\.[a-z0-9]+)?$/;

export function sign(options: SignOptions): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(options.expires) ?? [];
  const url = URL.canParse(options.url) ? new URL(options.url) : null;
  const [, app, name] = STREAM_PATH.exec(url?.pathname ?? "") ?? [];
  if (!amount || !unit) {
    process.stderr.write("lectern: --expires is a time such as 90s, 15m, 2h or 7d\n");
    return 2;
  }
  if (!url || !app || !name) {
    process.stderr.write("lectern: the address must be that of a stream, such as http://localhost:8080/live/math.flv\n");
    return 2;
  }
  const expires = Math.floor(Date.now() / 1000) + Number(amount) * (SECONDS[unit] ?? 1);
  for (const [key, value] of signLink({ app, name, expires, ip: options.ip, viewer: options.viewer }, options.secret)) {
    url.searchParams.set(key, value);
  }
  process.stdout.write(`${url}\n`);
  return 0;
}
