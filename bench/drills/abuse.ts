/** Runs a drill: slow, hostile and greedy clients on one machine, and what innocent users at other addresses and schools see meanwhile. */

import { makeCertificate } from "../../e2e/certificate.ts";
import { clip } from "../../e2e/clips.ts";
import { publishForever } from "../../e2e/ffmpeg.ts";
import { freePort, startLectern } from "../../e2e/lectern.ts";
import { startPostgres } from "../../e2e/postgres.ts";
import { round } from "../report/table.ts";
import { LocalCluster } from "../testbed/local-cluster.ts";
import { ATTACKS, type AttackedLectern } from "./abuse-attacks.ts";
import { type Innocent, VIEWER, WATCHED, watchInnocents } from "./abuse-innocents.ts";
import { type AbuseSchools, openSchools } from "./abuse-schools.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";

/** The slowest of a hundred is one of the slowest few even so: sign-ins take a tenth of a second each. */
const SECONDS = { whole: 40, quick: 8 } as const;
/** Times as slow as without an attack. */
const MAX_RATIO = 1.5;
/** Nobody notices this, and the machine alone causes it. */
const UNNOTICED_MS = 100;
/** Players have more of a picture than this. */
const UNNOTICED_GAP_MS = 500;

type Row = { readonly attack: string; readonly baseline: Innocent; readonly attacked: Innocent; readonly held: boolean };

/** With the embedded database. */
export function abuse(options: DrillOptions): Promise<DrillResult> {
  return attackServer("abuse", options, async () => ({}));
}

export function abuseOnPostgres(options: DrillOptions): Promise<DrillResult> {
  return attackServer("abuse-postgresql", options, async (scope) => ({ "database.url": (await startPostgres(scope)).database() }));
}

/** @param settings of the server, which may need something that is started for it */
async function attackServer(
  drill: string,
  { quick }: DrillOptions,
  settings: (scope: LocalCluster["scope"]) => Promise<Readonly<Record<string, string>>>,
): Promise<DrillResult> {
  const cluster = new LocalCluster({ quick });
  const seconds = quick ? SECONDS.quick : SECONDS.whole;
  try {
    const tlsPort = await freePort();
    const { cert, key } = makeCertificate(cluster.directory, "abused");
    const server = await startLectern(cluster.scope, {
      "webhooks.allowPrivateNetworks": "true",
      "http.tls": JSON.stringify({ cert, key, port: tlsPort }),
      ...(await settings(cluster.scope)),
    });
    const lectern = { ...server, tlsPort };
    const schools = await openSchools(lectern);
    publishForever(cluster.scope, clip("tiny", 60), `${server.rtmp}/live/${WATCHED}`);
    await server.stream(WATCHED, ({ video }) => video !== null);
    cluster.scope.after(() => schools.hook.close());
    // The first requests load what later ones find.
    await watchFor(2, lectern, schools);
    const rows: Row[] = [];
    for (const { name, start } of ATTACKS) {
      // A baseline for each, because other programs come and go on the machine.
      const baseline = await watchFor(seconds, lectern, schools);
      const end = await start(lectern, schools);
      const attacked = await watchFor(seconds, lectern, schools);
      end();
      rows.push(...compare(name, baseline, attacked));
      await watchFor(2, lectern, schools);
    }
    return {
      drill,
      broke:
        "half requests, unread answers, wrong sign-ins and codes, TLS handshakes, reset requests of HTTP/2, dead webhooks, a long import",
      promise: `no innocent request is refused, and of each kind 99 % are at most ${MAX_RATIO} times as slow, or ${UNNOTICED_MS} ms`,
      held: rows.every(({ held }) => held),
      seen: [],
      table: {
        columns: ["attack", "innocent", "p50 baseline, ms", "p50, ms", "p99 baseline, ms", "p99, ms", "ratio", "refused", "held"],
        rows: rows.map(({ attack, baseline: before, attacked, held }) => [
          ...[attack, before.what, round(before.p50, 1), round(attacked.p50, 1), round(before.p99, 1), round(attacked.p99, 1)],
          ...[round(attacked.p99 / before.p99, 2), attacked.refused, held ? "yes" : "NO"],
        ]),
      },
      notes: [`${seconds} s before each attack and in it; innocent users ask every 50 ms, attackers have addresses of their own.`],
    };
  } finally {
    await cluster.close();
  }
}

function watchFor(seconds: number, lectern: AttackedLectern, schools: AbuseSchools): Promise<Innocent[]> {
  const until = performance.now() + seconds * 1000;
  return watchInnocents(lectern, schools, () => performance.now() > until);
}

function compare(attack: string, baseline: readonly Innocent[], attacked: readonly Innocent[]): Row[] {
  return attacked.flatMap((now) => {
    const before = baseline.find(({ what }) => what === now.what);
    if (!before) return [];
    const unnoticed = now.what === VIEWER ? UNNOTICED_GAP_MS : UNNOTICED_MS;
    const held = now.refused === 0 && now.p99 <= Math.max(before.p99 * MAX_RATIO, unnoticed);
    return [{ attack, baseline: before, attacked: now, held }];
  });
}
