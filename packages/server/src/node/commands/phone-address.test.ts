import assert from "node:assert/strict";
import { test } from "node:test";
import { phoneAddress } from "./phone-address.ts";

const at = (address: string, internal = false) => ({
  address,
  internal,
  family: "IPv4" as const,
  netmask: "255.255.255.0",
  mac: "00:00:00:00:00:00",
  cidr: null,
});
const interfaces = { lo: [at("127.0.0.1", true)], docker0: [at("172.17.0.1")], wlan0: [at("192.168.1.20")] };
const machine = { publicUrl: "", host: "0.0.0.0", port: 8080, interfaces, isContainer: false };

test("a phone gets the machine's address in its network, with the port, and not that of its containers", () => {
  assert.deepEqual(phoneAddress(machine), { url: "http://192.168.1.20:8080" });
  assert.deepEqual(phoneAddress({ ...machine, host: "::" }), { url: "http://192.168.1.20:8080" });
  assert.deepEqual(phoneAddress({ ...machine, host: "10.0.0.5" }), { url: "http://10.0.0.5:8080" });
  assert.deepEqual(phoneAddress({ ...machine, host: "fd00::5" }), { url: "http://[fd00::5]:8080" });
});

test("the public address is everybody's", () => {
  assert.deepEqual(phoneAddress({ ...machine, host: "127.0.0.1", publicUrl: "https://school.example/" }), {
    url: "https://school.example",
  });
});

test("where no phone reaches the server, a line says why", () => {
  const why = (more: Partial<Parameters<typeof phoneAddress>[0]>) => {
    const found = phoneAddress({ ...machine, ...more });
    return "missing" in found ? found.missing : found.url;
  };
  assert.match(why({ host: "127.0.0.1" }), /listens at 127\.0\.0\.1 only; set http\.host/);
  assert.match(why({ isContainer: true }), /container does not know; set http\.publicUrl/);
  assert.match(why({ interfaces: { lo: [at("127.0.0.1", true)] } }), /no address in a network/);
});
