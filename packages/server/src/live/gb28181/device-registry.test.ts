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
  const lookups: string[] = [];
  const registry = new DeviceRegistry({
    clock,
    log: pino({ enabled: false }),
    accounts: {
      account: async (device) => {
        lookups.push(device);
        return accounts.get(device) ?? null;
      },
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
  const register = async (password: string, expires = "3600", peer = PEER, device = DEVICE) => {
    const first = await registry.register(request("REGISTER", {}, "", device), peer);
    const challenge = first.headers?.find(({ name }) => name === "www-authenticate")?.value;
    if (challenge === undefined) return first;
    const authorization = authorizationFor(challenge, password, device);
    return await registry.register(request("REGISTER", { authorization, expires }, "", device), peer);
  };
  const keepAlive = (peer = PEER) =>
    registry.message(request("MESSAGE", {}, `<Notify><CmdType>Keepalive</CmdType><DeviceID>${DEVICE}</DeviceID></Notify>`), peer);
  return { clock, accounts, lookups, seen, queries, registry, request, register, keepAlive };
}

function authorizationFor(challenge: string, password: string, device: string): string {
  const fields = new Map(readDigest(challenge)).set("username", device).set("uri", "sip:x").set("nc", "1").set("cnonce", "c");
  fields.set("response", digestResponse(fields, "REGISTER", password) ?? "");
  return `Digest ${[...fields].map(([name, value]) => `${name}="${value}"`).join(", ")}`;
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
  assert.equal((await register("secret", "3600", PEER, "34020000001180000002")).status, 403);
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

test("who has heard a registration and sends it again, from elsewhere or as another request, has to answer a challenge", async () => {
  const { registry, request, register } = open();
  const first = await registry.register(request("REGISTER"), PEER);
  const authorization = authorizationFor(first.headers?.[0]?.value ?? "", "secret", DEVICE);
  const send = (headers: Readonly<Record<string, string>>, peer = PEER) =>
    registry.register(request("REGISTER", { authorization, "call-id": "1", cseq: "2 REGISTER", ...headers }), peer);
  assert.equal((await send({})).status, 200);
  assert.equal((await send({})).status, 200, "its answer was lost");
  const elsewhere = await send({}, { ...PEER, host: "10.0.0.66" });
  assert.match(`${elsewhere.status} ${elsewhere.headers?.[0]?.value}`, /^401 .*stale=true/);
  assert.equal((await send({ cseq: "3 REGISTER", expires: "0" })).status, 401, "a registration does not become its end");
  assert.equal(registry.find(DEVICE)?.peer.host, PEER.host);
  assert.equal((await register("secret")).status, 200);
});

test("who has answered no challenge costs no look at the accounts", async () => {
  const { lookups, registry, request, register } = open();
  for (let i = 0; i < 100; i++) {
    const answer = await registry.register(request("REGISTER", {}, "", `340200000011800${String(i).padStart(5, "0")}`), PEER);
    assert.equal(answer.status, 401);
  }
  const forged = authorizationFor('Digest realm="3402000000", nonce="0-0", algorithm=MD5, qop="auth"', "secret", DEVICE);
  assert.equal((await registry.register(request("REGISTER", { authorization: forged }), PEER)).status, 401);
  assert.deepEqual(lookups, []);
  await register("secret");
  assert.deepEqual(lookups, [DEVICE]);
});

test("no more devices than there is room for: another one is told to come later, and those that are here go on", async () => {
  const { accounts, registry, register } = open();
  const codeOf = (i: number) => `340200000013${String(i).padStart(8, "0")}`;
  const statuses = new Map<number, number>();
  for (let i = 0; i <= 10_000; i++) {
    accounts.set(codeOf(i), { school: "s", password: "secret", transport: "udp" });
    const { status } = await register("secret", "3600", PEER, codeOf(i));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  assert.deepEqual(
    [...statuses],
    [
      [200, 10_000],
      [503, 1],
    ],
  );
  assert.equal((await register("secret", "3600", { ...PEER, host: "10.0.0.10" }, codeOf(7))).status, 200);
  assert.equal(registry.find(codeOf(7))?.peer.host, "10.0.0.10");
});

test("a device that has registered by a connection is not moved by a datagram with its address", async () => {
  const { registry, register, keepAlive } = open();
  const byTcp: SipPeer = { ...PEER, protocol: "TCP" };
  await register("secret", "3600", byTcp);
  assert.equal(keepAlive({ ...PEER, port: 40_000 }).status, 403);
  assert.equal(keepAlive(byTcp).status, 200);
  assert.deepEqual(registry.find(DEVICE)?.peer, byTcp);
});

test("a catalogue without an end is cut", async () => {
  const { clock, seen, registry, request, register } = open();
  await register("secret");
  for (let message = 0; message < 12; message++) {
    const codes = Array.from({ length: 1000 }, (_, i) => `3402000000131${String(message * 1000 + i).padStart(7, "0")}`);
    registry.message(request("MESSAGE", {}, page(999_999, ...codes)), PEER);
  }
  clock.advance(5000);
  assert.deepEqual(new Set(seen.flatMap(({ channels }) => (channels ? [channels.length] : []))), new Set([2000]));
});
