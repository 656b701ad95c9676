/**
 * Measures a whole decision under a full policy: credentials, rules of every kind, a list of a million addresses, the tables of places; and what it
 * adds to requests.
 */
import { Agent, request } from "node:http";
import type { ClientFacts } from "../../packages/server/src/access/credentials/client-facts.ts";
import { credentialsOf } from "../../packages/server/src/access/credentials/credentials.ts";
import { signLink } from "../../packages/server/src/access/links/signed-link.ts";
import type { LoadedLists } from "../../packages/server/src/access/lists/loaded-lists.ts";
import { decide } from "../../packages/server/src/access/pipeline.ts";
import type { PolicyRule } from "../../packages/server/src/access/policies/access-policy.ts";
import { PolicyStore } from "../../packages/server/src/access/policies/policy-store.ts";
import { configSchema } from "../../packages/server/src/platform/config/schema.ts";
import { loadGeoip } from "../../packages/server/src/platform/geoip/geoip.ts";
import { openLog } from "../../packages/server/src/platform/log.ts";
import { median, quantile } from "../report/table.ts";
import { startLectern, TOKEN } from "../servers/servers.ts";
import { pause, stop } from "../testbed/child-process.ts";

const SECRET = "a-secret-that-signs-links-here";
const STREAM = "math";
const SOON = 4_000_000_000;

/** Rules of every kind that a school sets by itself, which let the requests of the bench in. */
export function fullRules(list: string | null): readonly PolicyRule[] {
  const base = { for: "play", combine: "add", mode: "enforce", locked: false } as const;
  const domains = Array.from({ length: 20 }, (_, i) => `*.school-${i}.example`);
  const networks = Array.from({ length: 100 }, (_, i) => `198.18.${i}.0/24`);
  return [
    { ...base, kind: "times", timeZone: "Asia/Shanghai", windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "00:00" }] },
    { ...base, kind: "addresses", allow: [], deny: [...networks, ...(list === null ? [] : [`list:${list}`])] },
    { ...base, kind: "regions", allow: [], deny: ["美国", "日本", "中国/上海", "中国/广东/深圳"], unknown: "allow" },
    { ...base, kind: "carriers", allow: [], deny: ["broadcast"], unknown: "allow" },
    { ...base, kind: "referers", allow: ["school.example", ...domains], deny: ["bad.school-1.example"], empty: "refuse" },
    { ...base, kind: "user-agents", allow: [], deny: ["curl", "python*requests", "scrapy", "wget"], empty: "allow" },
    { ...base, kind: "links", boundAddress: false, keys: [] },
  ];
}

const PAGE = "https://www.school-19.example/lesson";
const QUERY = signLink({ app: "live", name: STREAM, expires: SOON, viewer: "anna" }, SECRET).toString();

/** One decision from the query text on, as a door makes it. @param list the loaded list */
export async function decisions(
  lists: LoadedLists,
  list: string,
): Promise<{ readonly of: (ip: string) => void; readonly close: () => void }> {
  const config = configSchema.parse({});
  const places = await loadGeoip(config, openLog("silent"));
  const policies = new PolicyStore();
  const target = { level: "stream", id: `live/${STREAM}` } as const;
  policies.replace({
    policies: [{ target, rules: fullRules(list) }],
    linkKeys: [],
    addressLists: [],
    channels: [],
    exemptions: [],
  });
  const addresses = {
    locationOf: places.locationOf,
    ready: async () => {},
    isListed: (id: string, ip: string) => lists.isListed(id, ip),
  };
  const settings = { publish: { allow: "keys", keys: {} }, play: { allow: "any" }, linkSecrets: [SECRET] } as const;
  const of = (ip: string): void => {
    const client: ClientFacts = { ip, referer: PAGE, userAgent: "Mozilla/5.0 (X11; Linux x64)", host: "lectern.example" };
    const refusal = decide({
      purpose: "play",
      protocol: "flv",
      app: "live",
      name: STREAM,
      client,
      lesson: null,
      recording: null,
      addresses,
      settings,
      rules: policies.rulesOf("play", { stream: target.id }),
      linkKeys: policies.linkKeys,
      credentials: credentialsOf(new URLSearchParams(QUERY)),
      now: Date.now(),
      onDryRun: () => {},
    });
    if (refusal) throw new Error(`refused: ${refusal.code} ${refusal.rule}`);
  };
  return { of, close: () => places.close() };
}

/** Milliseconds of requests to a real server, without and with the policy, in turns. */
export async function requestTimes(
  count: number,
): Promise<{ readonly without: readonly number[]; readonly withPolicy: readonly number[] }> {
  const lectern = await startLectern(
    ["workers=1", `secrets.links=["${SECRET}"]`, "limits.perAddress.requestsPerSecond=100000"],
    null,
    null,
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { httpPort } = lectern;
  const target = { level: "stream", id: `live/${STREAM}` };
  const created = await api(httpPort, "POST", "/policies", { target, rules: [] });
  const times: { without: number[]; withPolicy: number[] } = { without: [], withPolicy: [] };
  for (let round = 0; round < 6; round++) {
    const isWith = round % 2 === 1;
    await api(httpPort, "PATCH", `/policies/${created.id}`, { rules: isWith ? fullRules(null) : [] });
    await pause(1);
    for (let i = 0; i < count / 3; i++) {
      const took = await timed(httpPort, agent);
      if (i >= 100) times[isWith ? "withPolicy" : "without"].push(took);
    }
  }
  agent.destroy();
  await stop(lectern.process);
  return times;
}

/** The stream is not there, so what is timed is the decision and the answer. */
function timed(port: number, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const path = `/live/${STREAM}.rungs.json?${QUERY}`;
    const asked = request(
      { port, host: "127.0.0.1", path, agent, headers: { referer: PAGE, "user-agent": "Mozilla/5.0" } },
      (answer) => {
        if (answer.statusCode !== 404) reject(new Error(`status ${answer.statusCode}`));
        answer.resume().on("end", () => resolve(performance.now() - begun));
      },
    );
    asked.on("error", reject).end();
  });
}

async function api(port: number, method: string, path: string, body: object): Promise<{ readonly id: string }> {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { id: string };
}

export function spread(values: readonly number[]): { readonly median: number; readonly p99: number } {
  return { median: median(values), p99: quantile(values, 0.99) };
}
