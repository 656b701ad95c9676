/** Links of nginx's secure_link with nginx itself: what it accepts is accepted here, and what is signed here it accepts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { credentialsOf } from "../packages/server/src/access/credentials/credentials.ts";
import { nginx as scheme } from "../packages/server/src/access/links/schemes/nginx.ts";
import { verifyForeignLink } from "../packages/server/src/access/links/verify-foreign-link.ts";
import { freePort } from "./lectern.ts";
import { documented, startNginx } from "./nginx.ts";

const SECRET = "SECRET";
const VERDICT_OF: Readonly<Record<number, string>> = { 200: "valid", 403: "bad-signature", 410: "expired" };

test("nginx, as the documents configure it, and the server agree on links", async (t) => {
  const port = await freePort();
  const bound = documented("links.md");
  assert.match(bound, /\$remote_addr SECRET"/);
  const location = (path: string, directives: string) => `location ${path} { ${directives} return 200; }`;
  const free = bound.replace("$remote_addr", "");
  const http = `server { listen 127.0.0.1:${port}; ${location("/live/", bound)} ${location("/free/", free)} }`;
  const base = await startNginx(t, port, http);
  const now = Date.now();
  const links = [
    { app: "live", ip: "127.0.0.1", expires: 3600, wanted: "valid" },
    { app: "live", ip: "127.0.0.1", expires: -5, wanted: "expired" },
    { app: "live", ip: "127.0.0.2", expires: 3600, wanted: "bad-signature" },
    { app: "free", ip: null, expires: 3600, wanted: "valid" },
    { app: "free", ip: null, expires: -5, wanted: "expired" },
  ];
  for (const { app, ip, expires, wanted } of links)
    for (const path of [`/${app}/math.flv`, `/${app}/math.m3u8`, `/${app}/math@480p.flv`]) {
      const { query } = scheme.sign({ path, ip }, Math.floor(now / 1000) + expires, SECRET);
      const search = new URLSearchParams(query);
      const name = path.includes("@") ? "math@480p" : "math";
      const keys = [{ id: "k", scheme: "nginx", secret: SECRET } as const];
      const ours = verifyForeignLink(credentialsOf(search), { app, name, ip: "127.0.0.1", now, keys });
      const { status } = await fetch(`${base}${path}?${search}`);
      assert.deepEqual([VERDICT_OF[status], ours], [wanted, wanted], `${path} for ${ip}, ${expires} s`);
    }
});
