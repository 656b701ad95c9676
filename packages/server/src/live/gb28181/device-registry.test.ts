/** Who may register, what a device is asked then, and when it is gone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import type { CameraAccount, CameraSighting } from "../../contracts/cameras/camera-account.ts";
import { ManualClock } from "../../platform/clock.ts";
import { DeviceRegistry } from "./device-registry.ts";
import { digestResponse, readDigest } from "./digest.ts";
import type { SipPeer } from "./requests.ts";
import type { SipRequest } from "./sip-message.ts";
import { childText, readXml } from "./xml.ts";

const DEVICE = "34020000001180000001";
const PEER: SipPeer = { protocol: "UDP", host: "10.0.0.9", port: 5060 };

function open() {
  const clock = new ManualClock();
  const accounts = new Map<string, CameraAccount>([[DEVICE, { school: "s", password: "secret", transport: "udp" }]]);
  const seen: CameraSighting[] = [];
  const queries: string[] = [];
  const registry = new DeviceRegistry({
    clock,
    log: pino({ enabled: false }),
    accounts: {
      account: async (device) => accounts.get(device) ?? null,
      seen: async (sighting) => void seen.push(sighting),
    },
    settings: () => ({ realm: "3402000000", digest: "MD5" }),
    selfFor: async () => ({ id: "34020000002000000001", realm: "3402000000", host: "10.0.0.2", port: 5060 }),
    query: (_, body) => {
      const root = readXml(Buffer.from(body).toString());
      if (root) queries.push(childText(root, "CmdType"));
    },
  });
  const request = (method: string, headers: Readonly<Record<string, string>> = {}, body = "", device = DEVICE): SipRequest => ({
    kind: "request",
    method,
    uri: "sip:34020000002000000001@3402000000",
    body: new TextEncoder().encode(body),
    headers: Object.entries({ from: `<sip:${device}@3402000000>;tag=1`, ...headers }).map(([name, value]) => ({ name, value })),
  });
  const register = async (password: string, expires = "3600", peer = PEER) => {
    const first = await registry.register(request("REGISTER"), peer);
    const challenge = first.headers?.find(({ name }) => name === "www-authenticate")?.value;
    if (challenge === undefined) return first;
    const fields = new Map(readDigest(challenge)).set("username", DEVICE).set("uri", "sip:x").set("nc", "1").set("cnonce", "c");
    fields.set("response", digestResponse(fields, "REGISTER", password) ?? "");
    const authorization = `Digest ${[...fields].map(([name, value]) => `${name}="${value}"`).join(", ")}`;
    return await registry.register(request("REGISTER", { authorization, expires }), peer);
  };
  const keepAlive = (peer = PEER) =>
    registry.message(request("MESSAGE", {}, `<Notify><CmdType>Keepalive</CmdType><DeviceID>${DEVICE}</DeviceID></Notify>`), peer);
  return { clock, accounts, seen, queries, registry, request, register, keepAlive };
}

function page(total: number, ...codes: readonly string[]): string {
  const items = codes.map((code) => `<Item><DeviceID>${code}</DeviceID><Name>${code.slice(-2)}</Name><Status>ON</Status></Item>`);
  return `<Response><CmdType>Catalog</CmdType><SN>2</SN><DeviceID>${DEVICE}</DeviceID><SumNum>${total}</SumNum><DeviceList>${items.join("")}</DeviceList></Response>`;
}

test("a device with the right password is registered, told the time, and asked who it is and what it has", async () => {
  const { clock, seen, queries, registry, register } = open();
  const answer = await register("secret");
  assert.equal(answer.status, 200);
  assert.deepEqual(
    answer.headers?.map(({ name }) => name),
    ["expires", "date"],
  );
  assert.match(answer.headers?.at(-1)?.value ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
  assert.deepEqual(queries, [], "it gets its answer first");
  clock.advance(0);
  assert.deepEqual(queries, ["DeviceInfo", "Catalog"]);
  assert.deepEqual([registry.find(DEVICE)?.account.school, seen.at(-1)?.host], ["s", "10.0.0.9"]);
});

test("a wrong password, an unknown device and one without any password are refused", async () => {
  const { accounts, registry, register, request } = open();
  assert.equal((await register("other")).status, 403);
  accounts.set(DEVICE, { school: "s", password: "", transport: "udp" });
  assert.equal((await register("")).status, 403);
  assert.equal((await registry.register(request("REGISTER", {}, "", "34020000001180000002"), PEER)).status, 403);
  assert.equal((await registry.register(request("REGISTER", {}, "", "admin"), PEER)).status, 403);
  assert.equal(registry.size, 0);
});

test("a keep-alive before the registration is refused, so that the device registers; and so is one from elsewhere", async () => {
  const { register, keepAlive } = open();
  assert.equal(keepAlive().status, 403);
  await register("secret");
  assert.equal(keepAlive().status, 200);
  assert.equal(keepAlive({ ...PEER, port: 40_000 }).status, 200, "a router has changed its port");
  assert.equal(keepAlive({ ...PEER, host: "10.0.0.66" }).status, 403);
});

test("a device is gone when it signs off, and when it has been silent for more than three keep-alives", async () => {
  const { clock, seen, registry, register, keepAlive } = open();
  await register("secret");
  await register("secret", "0");
  assert.deepEqual([registry.find(DEVICE), seen.at(-1)?.onlineUntil], [null, null]);
  await register("secret");
  clock.advance(190_000);
  keepAlive();
  clock.advance(190_000);
  assert.ok(registry.find(DEVICE));
  clock.advance(11_000);
  assert.equal(registry.find(DEVICE), null);
  registry.sweep();
  assert.deepEqual([registry.size, seen.at(-1)?.onlineUntil], [0, null]);
});

test("a catalogue is stored when it is whole, or when no more of it comes", async () => {
  const { clock, seen, registry, request, register } = open();
  await register("secret");
  const give = (xml: string) => registry.message(request("MESSAGE", {}, xml), PEER);
  const stored = () => seen.flatMap(({ channels }) => (channels ? [channels.map(({ name }) => name)] : []));
  const code = (number: number) => `340200000013100000${String(number).padStart(2, "0")}`;
  give(page(3, code(2), code(1)));
  assert.deepEqual(stored(), []);
  give(page(3, code(3)));
  assert.deepEqual(stored(), [["01", "02", "03"]]);
  give(page(9, code(1), code(2)).replace("<SN>2<", "<SN>3<"));
  clock.advance(4999);
  assert.equal(stored().length, 1);
  clock.advance(1);
  assert.deepEqual(stored()[1], ["01", "02"]);
});

test("the catalogue is asked for again now and then, because recorders know their cameras late", async () => {
  const { clock, queries, register, keepAlive } = open();
  await register("secret");
  clock.advance(0);
  for (let minute = 0; minute < 11; minute++) {
    clock.advance(60_000);
    keepAlive();
  }
  assert.equal(queries.filter((query) => query === "Catalog").length, 2);
});
