/** Provides the attacks of the drill `abuse`. Each starts at once, goes on until it is ended, and uses addresses of its own on the loopback. */
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import type { Lectern } from "../../e2e/lectern.ts";
import { ask, INNOCENT_ADDRESS } from "./abuse-innocents.ts";
import { type AbuseSchools, create } from "./abuse-schools.ts";

/** A server that also speaks HTTPS. */
export type AttackedLectern = Lectern & { readonly tlsPort: number };

export type Attack = {
  readonly name: string;
  /** Resolves with how to end it. */
  readonly start: (lectern: AttackedLectern, schools: AbuseSchools) => Promise<() => void>;
};

const HALF = "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{";
const UNREAD = "GET /api/docs/assets/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n";
const SOCKETS = 200;
const SIGN_INS = 100;
const CODES = 4;
const DEAD_WEBHOOKS = 20;
const IMPORTED_ROWS = 8000;
/** New ones of an address that the defaults let through. */
const CONNECTIONS = 200;
/** Connections of HTTP/2 a second. */
const BATCHES = 5;

export const ATTACKS: readonly Attack[] = [
  { name: `${SOCKETS} half requests`, start: async ({ httpPort }) => openSockets(httpPort, "127.0.0.3", HALF, true) },
  {
    name: `${SOCKETS} answers that nobody reads`,
    start: async ({ httpPort }) => openSockets(httpPort, "127.0.0.4", UNREAD, false),
  },
  {
    name: `${SIGN_INS} wrong sign-ins at a time`,
    start: async ({ httpPort }) =>
      flood(SIGN_INS, (i) => {
        const body = { login: i % 2 === 0 ? "admin" : `stranger${i}`, password: "wrong password" };
        return ask(httpPort, "127.0.0.5", { method: "POST", path: "/api/v1/sessions", body });
      }),
  },
  {
    name: `wrong codes from the innocent users' own address`,
    start: async ({ httpPort }) =>
      flood(CODES, () => ask(httpPort, INNOCENT_ADDRESS, { method: "GET", path: "/api/v1/invitations/AAAABBBB" })),
  },
  // The control of equal rate for what follows.
  {
    name: `${CONNECTIONS} connections a second`,
    start: async ({ tlsPort }) => abuseTls(tlsPort, "127.0.0.7", "connections", CONNECTIONS),
  },
  {
    name: `${CONNECTIONS} TLS handshakes a second`,
    start: async ({ tlsPort }) => abuseTls(tlsPort, "127.0.0.8", "hellos", CONNECTIONS),
  },
  // The control: as many connections, with a request each that is answered.
  {
    name: `${BATCHES} requests of HTTP/2 a second`,
    start: async ({ tlsPort }) => abuseTls(tlsPort, "127.0.0.9", "requests", BATCHES),
  },
  {
    name: `${BATCHES} batches of 1000 reset requests of HTTP/2 a second`,
    start: async ({ tlsPort }) => abuseTls(tlsPort, "127.0.0.10", "resets", BATCHES),
  },
  { name: `${DEAD_WEBHOOKS} dead webhooks of another school`, start: startDeadWebhooks },
  { name: `imports of ${IMPORTED_ROWS} people by another school`, start: startImport },
];

/** Sockets that send this and then nothing; a new one follows each that is closed. */
function openSockets(port: number, localAddress: string, text: string, reads: boolean): () => void {
  const sockets = new Set<Socket>();
  let isOver = false;
  const open = (): void => {
    if (isOver) return;
    const socket = connect({ host: "127.0.0.1", port, localAddress });
    sockets.add(socket);
    socket.on("connect", () => socket.write(text));
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      setTimeout(open, 100);
    });
    if (reads) socket.resume();
    else socket.pause();
  };
  for (let i = 0; i < SOCKETS; i++) open();
  return () => {
    isOver = true;
    for (const socket of sockets) socket.destroy();
  };
}

/** In a process of its own, because a client's part of a handshake costs as much as the server's. */
function abuseTls(
  port: number,
  from: string,
  kind: "connections" | "hellos" | "requests" | "resets",
  perSecond: number,
): () => void {
  const abuser = join(import.meta.dirname, "tls-abuser.ts");
  const seconds = 3600;
  const args = [abuser, String(port), from, kind, String(perSecond), String(perSecond * seconds)];
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  return () => void child.kill("SIGKILL");
}

/** So many requests at a time, again and again. */
function flood(atOnce: number, once: (i: number) => Promise<number>): () => void {
  let isOver = false;
  let count = 0;
  const go = async (): Promise<void> => {
    while (!isOver) {
      const status = await once(count++);
      // An attacker who is refused is in no hurry to use his own processor.
      if (status === 429 || status === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  for (let i = 0; i < atOnce; i++) void go();
  return () => {
    isOver = true;
  };
}

/** Endpoints that accept a delivery and never answer, and a school that makes an event every second. */
async function startDeadWebhooks(lectern: Lectern, { hostileId, operator }: AbuseSchools): Promise<() => void> {
  const dead = createServer(() => {});
  await new Promise<void>((resolve) => dead.listen(0, "127.0.0.1", () => resolve()));
  const url = `http://127.0.0.1:${(dead.address() as AddressInfo).port}`;
  for (let i = 0; i < DEAD_WEBHOOKS; i++)
    await create(lectern, "/webhooks", { schoolId: hostileId, url: `${url}/${i}`, events: ["lesson.created"] });
  const timer = setInterval(() => {
    const body = { schoolId: hostileId, title: "Nobody hears of it" };
    void ask(lectern.httpPort, "127.0.0.6", { method: "POST", path: "/api/v1/lessons", body, token: operator });
  }, 1000);
  return () => {
    clearInterval(timer);
    dead.closeAllConnections();
    dead.close();
  };
}

/** Files of new people, one after the other. */
async function startImport({ http }: Lectern, { hostileId, operator }: AbuseSchools): Promise<() => void> {
  let isOver = false;
  const headers = { authorization: `Bearer ${operator}`, "content-type": "text/csv" };
  const importFile = async (file: number) => {
    const rows = Array.from({ length: IMPORTED_ROWS }, (_, i) => `person${file}x${i},Person ${i}`).join("\n");
    const body = `login,name\n${rows}\n`;
    const answer = await fetch(`${http}/api/v1/imports/people?schoolId=${hostileId}`, { method: "POST", headers, body });
    let { id, state } = (await answer.json()) as { id: string; state: string };
    while (state === "running" && !isOver) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      ({ state } = (await (await fetch(`${http}/api/v1/imports/${id}`, { headers })).json()) as { state: string });
    }
    if (!isOver && state !== "done") throw new Error(`an import is ${state}`);
  };
  void (async () => {
    for (let file = 0; !isOver; file++) await importFile(file);
  })();
  return () => {
    isOver = true;
  };
}
