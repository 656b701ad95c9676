/** `script/drill NAME`: breaks something while people watch, and says what they saw, and whether the promise held. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { describeMachine } from "../report/machine.ts";
import { printTable } from "../report/table.ts";
import type { DrillOptions, DrillResult } from "../testbed/local-cluster.ts";
import { composeRestart } from "./compose-restart.ts";
import { dispatchFailover } from "./dispatch-failover.ts";
import {
  drainEdge,
  killEdge,
  killIngest,
  killNats,
  killOriginOnePath,
  killOriginTwoPaths,
  standbyTakesOver,
} from "./node-failures.ts";
import { badLine, border, partition } from "./poor-lines.ts";
import { upgrade } from "./upgrade.ts";

const HELP = `script/drill NAME [--quick] [--from VERSION] [--json FILE]

  edge              an edge is killed under half of the viewers
  origin            an origin is killed; edges have two paths
  origin-one-path   the same with one path
  ingest            the node that took the publisher is killed; the publisher comes to another
  backup            the main publisher falls silent; its backup waits at another node
  nats              the bus is killed, and comes back
  drain             an edge is drained
  dispatch          two carriers with a node each; one is filled, killed, and comes back (as root)
  border            an edge abroad, with a bad line from the origin and a good one by another node (as root)
  bad-line          an edge of another carrier, with one path and two, CUBIC and BBR (as root)
  cluster           the services of deploy/compose in namespaces, restarted one after the other (as root)
  upgrade           nodes are brought from another version (--from) to this one, one after the other
  partition         the cluster falls in two, with a publisher in each half (as root)
  all               all of these

  --quick           20 viewers instead of 100, and shorter
  --from VERSION    of upgrade: a tag or a commit; the newest tag where it is not said
  --json FILE       write what was seen as JSON too

Viewers are FLV, WebSocket-FLV, RTMP and low-latency HLS clients in equal parts, that come again as players do.
Ends with 1 where a promise was not kept.
`;

const DRILLS: Readonly<Record<string, (options: DrillOptions) => Promise<DrillResult>>> = {
  edge: killEdge,
  origin: killOriginTwoPaths,
  "origin-one-path": killOriginOnePath,
  ingest: killIngest,
  backup: standbyTakesOver,
  nats: killNats,
  drain: drainEdge,
  dispatch: dispatchFailover,
  border: border,
  "bad-line": badLine,
  cluster: composeRestart,
  upgrade: upgrade,
  partition: partition,
};

function show({ drill, broke, promise, held, seen, notes }: DrillResult): string {
  return printTable({
    title: `${drill}: ${broke}`,
    columns: ["protocol", "viewers", "longest gap, ms", "median of longest gaps", "came again", "lost", "fell behind, ms"],
    rows: seen.map((row) => [row.protocol, row.viewers, row.longestGapMs, row.medianGapMs, row.reconnects, row.lost, row.behindMs]),
    notes: [...notes, `promised: ${promise}: ${held ? "held" : "NOT HELD"}`],
  });
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean" },
      json: { type: "string" },
      from: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [name] = positionals;
  const wanted = name === "all" ? Object.keys(DRILLS) : name && DRILLS[name] ? [name] : [];
  if (values.help || wanted.length === 0) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const outcomes: DrillResult[] = [];
  for (const one of wanted) {
    const outcome = await DRILLS[one]?.({ quick: values.quick ?? false, from: values.from ?? null });
    if (!outcome) continue;
    outcomes.push(outcome);
    process.stdout.write(`${show(outcome)}\n\n`);
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine: describeMachine(), outcomes }, null, 2)}\n`);
  return outcomes.every(({ held }) => held) ? 0 : 1;
}

process.exit(await main());
