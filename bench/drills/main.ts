/** Runs `script/drill NAME`: causes a failure while viewers watch, prints what they received, and whether the promise was kept. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { describeMachine } from "../report/machine.ts";
import { describeLoad, type MachineLoad, measureMachineLoad } from "../report/machine-load.ts";
import { printTable } from "../report/table.ts";
import { runInterruptible } from "../testbed/interrupt.ts";
import { abuse, abuseOnPostgres } from "./abuse.ts";
import { badLine } from "./bad-line.ts";
import { border } from "./border.ts";
import { hangOneOfThree } from "./bus-of-three.ts";
import { silenceBus } from "./bus-silence.ts";
import { composeRestart } from "./compose-restart.ts";
import { freezeDisks } from "./disk-freeze.ts";
import { dispatchFailover } from "./dispatch-failover.ts";
import type { Drill, DrillOptions, DrillResult } from "./drill.ts";
import { examFailures } from "./exam.ts";
import { ladderCuts } from "./ladder-cuts.ts";
import { ladderFailures } from "./ladder-failures.ts";
import { dropLine } from "./line-drop.ts";
import {
  drainEdge,
  killEdge,
  killIngest,
  killNats,
  killOriginOnePath,
  killOriginTwoPaths,
  standbyTakesOver,
} from "./node-failures.ts";
import { pauseNodes } from "./node-pauses.ts";
import { partition } from "./partition.ts";
import { probeFaults } from "./probe.ts";
import { realtime } from "./realtime.ts";
import { pauseRecorder } from "./recorder-pause.ts";
import { roomFailures } from "./room.ts";
import { rush } from "./rush.ts";
import { smallLessons } from "./small-lessons.ts";
import { upgrade } from "./upgrade.ts";
import { why } from "./why.ts";

const HELP = `script/drill NAME [--quick | --hour] [--from VERSION] [--json FILE]

  edge              kill an edge with half of the viewers
  origin            kill an origin; edges have two paths
  origin-one-path   kill an origin; edges have one path
  ingest            kill the publisher's node; the publisher connects to another
  backup            silence the main publisher; a standby publisher waits at another node
  nats              kill the bus, and restart it
  bus-silence       the bus hangs for 5, 20 and 60 s; an edge is cut off from it alone, both ways and one way
  bus-of-three      of three NATS servers, one after the other hangs for 20 s
  pauses            stop writer, recorder, edge and control node for 6 s each, one after the other
  recorder-pause    stop the only node that can record for 20 and 40 s; frames that are missing in the recording
  disk-freeze       the disk of the recording node, then of the database, stands still for 5, 20 and 60 s (as root)
  drain             drain an edge
  ladder            kill and stop ffmpeg, kill the node that encodes and the publisher's node; viewers of source and rung
  ladder-cuts       ten minutes: the publisher reconnects, encoder and ladder's node are killed; segments of rungs and source are compared
  dispatch          two carriers with one node each; fill one, kill it, restart it (as root)
  border            an edge abroad, with a poor line from the origin and a good one through another node (as root)
  bad-line          an edge of another carrier, with one and two paths, CUBIC and BBR (as root)
  line-drop         a viewer's line drops from 4 Mbps to 500 kbps behind a queue of 60 packets; by protocol, CUBIC and BBR (as root)
  cluster           restart the nodes of deploy/compose one by one, in network namespaces (as root)
  upgrade           upgrade nodes from another version (--from) to this one, one by one
  partition         split the cluster in two, with a publisher in each part (as root)
  abuse             half requests, unread answers, wrong sign-ins and codes, dead webhooks, a long import; what others see
  abuse-postgresql  the same with PostgreSQL instead of the embedded database
  rush              a thousand students behind one address join at once, beside 500 connections a second from another
  room              people talk in a room while worker, control, node, bus, database and their own lines fail (with PostgreSQL)
  exam              candidates write while worker, control, supervisor, edge, database and their network fail (with PostgreSQL)
  probe             a probe in a namespace of its own: eight faults, then a good stream without a false alarm (as root)
  why               eight faults from encoder to device, and none; the verdict on what a viewer saw must name the place (as root)
  realtime          a browser publishes by WHIP, another watches by WHEP: loss, delay, a narrow line, no UDP, no network (as root)
  small-lessons     thirty small lessons at a time come and go, by WHIP and WHEP: no process of the server grows
  all               all of these

  --quick           20 viewers instead of 100, and shorter
  --hour            probe, small-lessons: for an hour instead of five minutes
  --from VERSION    for upgrade: a tag or a commit, or several with commas, the oldest first; default: the newest tag
  --json FILE       also write the results as JSON

Viewers use FLV, WebSocket-FLV, RTMP and low-latency HLS in equal parts, and reconnect as players do.
Exit code 1: a promise was not kept. SIGINT and SIGTERM end all nodes, the bus and the namespaces.
`;

const DRILLS: Readonly<Record<string, Drill>> = {
  edge: killEdge,
  origin: killOriginTwoPaths,
  "origin-one-path": killOriginOnePath,
  ingest: killIngest,
  backup: standbyTakesOver,
  nats: killNats,
  "bus-silence": silenceBus,
  "bus-of-three": hangOneOfThree,
  pauses: pauseNodes,
  "recorder-pause": pauseRecorder,
  "disk-freeze": freezeDisks,
  drain: drainEdge,
  ladder: ladderFailures,
  "ladder-cuts": ladderCuts,
  dispatch: dispatchFailover,
  border,
  "bad-line": badLine,
  "line-drop": dropLine,
  cluster: composeRestart,
  upgrade,
  partition,
  abuse,
  "abuse-postgresql": abuseOnPostgres,
  rush,
  room: roomFailures,
  exam: examFailures,
  why,
  probe: probeFaults,
  realtime,
  "small-lessons": smallLessons,
};

type Outcome = DrillResult & { readonly load: MachineLoad };

async function run(drill: Drill, options: DrillOptions): Promise<Outcome> {
  const load = measureMachineLoad();
  return { ...(await drill(options)), load: load() };
}

function show({ drill, broke, promise, held, seen, table, notes, load }: Outcome): string {
  const ofViewers = {
    columns: ["protocol", "viewers", "longest gap, ms", "median of longest gaps, ms", "reconnects", "lost", "fell behind, ms"],
    rows: seen.map((row) => [row.protocol, row.viewers, row.longestGapMs, row.medianGapMs, row.reconnects, row.lost, row.behindMs]),
  };
  return printTable({
    title: `${drill}: ${broke}`,
    ...(table ?? ofViewers),
    notes: [...notes, `promise: ${promise}: ${held ? "held" : "NOT HELD"}`, describeLoad(load)],
  });
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean" },
      hour: { type: "boolean" },
      json: { type: "string" },
      from: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [name] = positionals;
  const chosen = Object.entries(DRILLS).filter(([one]) => name === "all" || one === name);
  if (values.help || chosen.length === 0) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const { quick = false, hour = false } = values;
  const outcomes: Outcome[] = [];
  for (const [, drill] of chosen) {
    const outcome = await run(drill, { quick, hour, from: values.from ?? null });
    outcomes.push(outcome);
    process.stdout.write(`${show(outcome)}\n\n`);
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine: describeMachine(), outcomes }, null, 2)}\n`);
  return outcomes.every(({ held }) => held) ? 0 : 1;
}

await runInterruptible("drill", main);
