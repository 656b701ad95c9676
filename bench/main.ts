/** Runs `script/bench NAME`: runs a benchmark, prints its table, and writes it as JSON. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchAccess } from "./benchmarks/access.ts";
import { benchBeacons } from "./benchmarks/beacons.ts";
import { benchBoard } from "./benchmarks/board.ts";
import { benchCold } from "./benchmarks/cold-edge.ts";
import { benchDispatch } from "./benchmarks/dispatch.ts";
import { benchExam } from "./benchmarks/exam.ts";
import { benchExamCameras } from "./benchmarks/exam-cameras.ts";
import { benchExamGrading } from "./benchmarks/exam-grading.ts";
import { benchFanout } from "./benchmarks/fanout.ts";
import { benchHls } from "./benchmarks/hls.ts";
import { benchIngest } from "./benchmarks/ingest.ts";
import { benchJoin } from "./benchmarks/join.ts";
import { benchLadder } from "./benchmarks/ladder.ts";
import { benchLatency } from "./benchmarks/latency.ts";
import { benchMemory } from "./benchmarks/memory.ts";
import type { BenchOptions } from "./benchmarks/options.ts";
import { benchPlayers } from "./benchmarks/players.ts";
import { benchPolling } from "./benchmarks/polling.ts";
import { benchPublishing } from "./benchmarks/publishing.ts";
import { benchRecord } from "./benchmarks/record.ts";
import { benchRelay } from "./benchmarks/relay.ts";
import { benchReplay } from "./benchmarks/replay.ts";
import { benchReports } from "./benchmarks/reports.ts";
import { benchRest } from "./benchmarks/rest.ts";
import { benchRoom } from "./benchmarks/room.ts";
import { benchSimulation } from "./benchmarks/simulation.ts";
import { benchSmall } from "./benchmarks/small.ts";
import { benchSoak } from "./benchmarks/soak.ts";
import { benchWalks } from "./benchmarks/walks.ts";
import { benchWebRtc } from "./benchmarks/webrtc.ts";
import { benchWorkers } from "./benchmarks/workers.ts";
import { compare } from "./comparison/compare.ts";
import { ROWS, SHORT_FORM } from "./comparison/rows.ts";
import { type Budgets, overBudget } from "./report/budget.ts";
import { describeMachine } from "./report/machine.ts";
import { printTable, type Table } from "./report/table.ts";
import { runInterruptible } from "./testbed/interrupt.ts";

const HELP = `script/bench NAME [options]
script/bench compare A B [NAME…] [--minutes N] [--rounds N]

  fanout     one stream to many viewers: CPU, memory, delay, joins, gaps, compared with other servers and the floor
  ingest     300 publishers without viewers, and with one viewer each
  latency    publisher to socket, and publisher to rendered frame, by protocol
  players    a viewer's page in Chromium: first picture, time that the picture stands, by engine, compared with a file
  hls        playlists and parts compared with nginx serving the same bytes as files, HTTP and HTTPS; cost of TLS for FLV
  publishing publishers by WHIP, WebSocket, RTMP and SRT: CPU and memory of each
  webrtc     one stream to WebRTC viewers, compared with the streaming plugin of Janus: viewers on one core, CPU of a packet, memory
  workers    two media workers compared with one; delay and cost of the relay between them
  relay      between nodes: egress of an origin, many viewers at a cold edge, delay of a hop, CPU of pulling and sending
  cold       first viewers at an edge without the stream, over a line of 40 ms (needs root)
  dispatch   dispatch decisions on one core, with 500 nodes
  exam-grading
             130 000 sheets of 60 questions: graded, analysed and ranked, every score compared with the one that was generated
  exam-cameras
             cameras of 200, 500 and 1000 candidates, recorded: CPU of each process, what one more costs, with a wall of 50 stills too
  access     lookups in a list of a million client addresses: CPU, memory, compiling and replacing it
  simulated  one scenario simulated and executed: eight edges, 800 viewers, viewers at each node (needs root)
  join       1000 students join one lesson through the API within 10 s, and open its stream
  polling    2000 class pages that poll one lesson: CPU of all processes
  record     100 streams: ingest only, time-shift, recorded: CPU, memory, disk writes
  ladder     smaller versions of streams: CPU of the server and of ffmpeg, added delay, frames, similarity, bits
  replay     500 viewers at random positions of 100 recordings, compared with nginx serving the same files
  memory     what each further viewer and stream costs, by process; 10 000 idle streams: memory and CPU
  room       10 000 members of one room, also at an edge, compared with Socket.IO and ws: delivery, CPU, memory, joins, answers; video beside it
  board      one writes on the board without a rest before 10 000 members: delay, bytes, CPU; pages of those who come late
  exam       10 000 candidates of an examination: paper, key at the start, saves, hand-in; on both databases; nothing acknowledged is lost
  beacons    beacons of 10 000 players: CPU, memory, writes, and pictures beside them
  reports    lesson quality of a day with 5000 lessons, and its roll-up from sessions: PostgreSQL and the embedded database
  rest       start and rest: CPU and time until ready, CPU, wake-ups and memory with little or nothing to do
  small      a lesson with 100 viewers, recording and time-shift, on one core with 1 GB; memory by process (needs root for the limit)
  soak       a quarter of an hour of publishers and viewers that connect and disconnect; low-latency HLS in Chromium
  walks      files that media, a join, a chat line and a stroke go through, counted by calls; BENCH_TREE: of another work tree

  compare    two versions, each a commit or the folder of a working copy, run in turn: one table with the ratio of each figure and a verdict,
             also in bench/results; exit code 1: a figure is worse. Without NAME: ${SHORT_FORM.join(", ")}, in a quarter of an hour;
             all: ${Object.keys(ROWS).join(", ")}

  --quick              a short run (fanout: under two minutes)
  --viewers N,N        fanout: numbers of viewers (default 500,1000,2000; quick: 1000); workers: uses the highest;
                       room, board, exam, exam-cameras: members, candidates (default 10000; quick: 500); webrtc: viewers (default 200,500; quick: 50)
  --repeats N          fanout, hls, ladder, publishing, rest, webrtc, workers: interleaved runs (default 3; quick: 1)
  --only NAME,NAME     fanout, ingest, rest: only servers with this in their name, =NAME: with this name; room: lectern, plain, edge, socket.io, ws;
                       exam: embedded, postgresql
  --server NAME=COMMAND,PUSH_URL,PLAY_URL
                       fanout, ingest: another server; COMMAND starts it in the foreground; may be repeated
  --starts N           rest: instead, starts with a new database N times on one core and beside a busy program
  --log FILE           rest --starts: adds the starts to the file, and shows all that are in it
  --minutes N          soak: how long (default 15; quick: 1); compare: no round begins that would end later (default 15), but two are run
  --rounds N           compare: so many rounds
  --joins N            soak: viewers that join in a second (default 20)
  --light              soak: without a browser
  --check              fail where a figure is over its budget (bench/budgets.json)
  --json FILE          also write the figures as JSON

The server runs on core 0, publisher and viewers on core 1.
`;

const BENCHES: { readonly [name: string]: (options: BenchOptions) => Promise<Table> } = {
  fanout: benchFanout,
  exam: benchExam,
  "exam-cameras": benchExamCameras,
  beacons: benchBeacons,
  board: benchBoard,
  ingest: benchIngest,
  latency: benchLatency,
  players: benchPlayers,
  memory: benchMemory,
  hls: benchHls,
  webrtc: benchWebRtc,
  workers: benchWorkers,
  cold: benchCold,
  dispatch: benchDispatch,
  "exam-grading": benchExamGrading,
  access: benchAccess,
  simulated: benchSimulation,
  join: benchJoin,
  ladder: benchLadder,
  polling: benchPolling,
  publishing: benchPublishing,
  record: benchRecord,
  relay: benchRelay,
  replay: benchReplay,
  reports: benchReports,
  rest: benchRest,
  room: benchRoom,
  small: benchSmall,
  soak: benchSoak,
  walks: benchWalks,
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean" },
      viewers: { type: "string" },
      repeats: { type: "string" },
      starts: { type: "string" },
      log: { type: "string" },
      minutes: { type: "string" },
      rounds: { type: "string" },
      joins: { type: "string" },
      light: { type: "boolean" },
      only: { type: "string" },
      server: { type: "string", multiple: true },
      check: { type: "boolean" },
      json: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const name = positionals[0] ?? "";
  if (name === "compare" && !values.help)
    return await compare({
      names: positionals.slice(1),
      minutes: values.minutes === undefined ? null : Number(values.minutes),
      rounds: values.rounds === undefined ? null : Number(values.rounds),
    });
  const bench = BENCHES[name];
  if (values.help || !bench) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const quick = values.quick ?? false;
  const table = await bench({
    quick,
    viewers: (values.viewers ?? (quick ? "1000" : "500,1000,2000")).split(",").map(Number),
    starts: values.starts === undefined ? null : Number(values.starts),
    log: values.log ?? null,
    members: values.viewers === undefined ? null : Math.max(...values.viewers.split(",").map(Number)),
    minutes: values.minutes === undefined ? null : Number(values.minutes),
    joins: values.joins === undefined ? null : Number(values.joins),
    isLight: values.light ?? false,
    repeats: Number(values.repeats ?? (quick ? 1 : 3)),
    only: values.only?.split(",") ?? null,
    servers: values.server ?? [],
  });
  const machine = describeMachine();
  process.stdout.write(`\n${printTable(table)}\n${machine}\n`);
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ bench: name, machine, at: new Date().toISOString(), ...table }, null, 2)}\n`);
  return values.check ? check(name, table) : 0;
}

/** Says what is over its budget. @returns the exit code */
function check(name: string, table: Table): number {
  const { [name]: budgets = [] }: Budgets = JSON.parse(readFileSync(join(import.meta.dirname, "budgets.json"), "utf8"));
  const faults = overBudget(table, budgets);
  for (const fault of faults) process.stdout.write(`over budget: ${fault}\n`);
  process.stdout.write(`${budgets.length - faults.length} of ${budgets.length} figures within their budgets\n`);
  return faults.length > 0 ? 1 : 0;
}

await runInterruptible("bench", main);
