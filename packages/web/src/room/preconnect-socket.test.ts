import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { openedSocket, preconnectSocket, roomSocket } from "./preconnect-socket.ts";

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  onmessage: ((event: { data: string }) => void) | null = null;
  readonly url: string;
  readonly protocol: string;

  constructor(url: URL, protocol: string) {
    this.url = String(url);
    this.protocol = protocol;
    FakeSocket.all.push(this);
  }

  close(): void {
    this.readyState = 3;
  }
}

const kept = { WebSocket: globalThis.WebSocket, location: Reflect.get(globalThis, "location") };
const ADDRESS = "/api/v1/rooms/K7MP/socket?sign=1";

beforeEach(() => {
  FakeSocket.all = [];
  Reflect.set(globalThis, "WebSocket", FakeSocket);
  Reflect.set(globalThis, "location", new URL("https://school.example/class/K7MP"));
  mock.timers.enable({ apis: ["setTimeout"] });
});
afterEach(() => {
  mock.timers.tick(60_000);
  mock.timers.reset();
  Reflect.set(globalThis, "WebSocket", kept.WebSocket);
  Reflect.set(globalThis, "location", kept.location);
});

const heardBy = (address: string) => openedSocket(address).heard.map(({ data }) => data);

test("the address of a room's socket has the query of the link", () => {
  assert.equal(roomSocket("K7MP", "https://edge.example/live/x.m3u8?sign=1"), ADDRESS);
});

test("a socket that was opened ahead is taken once, with what it has said", () => {
  preconnectSocket(ADDRESS);
  const [ahead] = FakeSocket.all;
  assert.equal(ahead?.url, "wss://school.example/api/v1/rooms/K7MP/socket?sign=1");
  assert.equal(ahead.protocol, "lectern.room.v1");
  for (const data of ["one", "two"]) ahead.onmessage?.({ data });
  assert.deepEqual(heardBy(ADDRESS), ["one", "two"]);
  assert.equal(FakeSocket.all.length, 1);
  assert.deepEqual(heardBy(ADDRESS), []);
  assert.equal(FakeSocket.all.length, 2);
  mock.timers.tick(60_000);
  assert.equal(ahead.readyState, 0, "who has taken it closes it");
});

test("one that has closed meanwhile, or is of another address, is not taken", () => {
  preconnectSocket(ADDRESS);
  FakeSocket.all[0]?.onmessage?.({ data: "one" });
  FakeSocket.all[0]?.close();
  assert.deepEqual(heardBy(ADDRESS), []);
  preconnectSocket(ADDRESS);
  FakeSocket.all.at(-1)?.onmessage?.({ data: "two" });
  assert.deepEqual(heardBy(`${ADDRESS}&after=e.1`), []);
});

test("one that nobody wants is closed: its person would count as present", () => {
  preconnectSocket(ADDRESS);
  mock.timers.tick(9_000);
  assert.equal(FakeSocket.all[0]?.readyState, 0);
  mock.timers.tick(2_000);
  assert.equal(FakeSocket.all[0]?.readyState, 3);
});
