/** The service's protection through the API: what operators see of held addresses, releases, and exemptions. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BlockedAddress, ProtectionState } from "../packages/server/src/access/protection/protection-messages.ts";
import { sweepExemptions } from "../packages/server/src/school/streams/protection/exemptions.ts";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const HOUR_MS = 3600 * 1000;
const NOW = Date.parse("2026-03-02T08:00:00Z");

const held = (owner: string, points: number, more: Partial<BlockedAddress> = {}): BlockedAddress => ({
  owner,
  points,
  measure: "challenge",
  because: [{ sign: "wrong-credential", points }],
  about: "code ABC",
  node: "n1",
  since: NOW,
  until: NOW + HOUR_MS,
  isTrial: false,
  ...more,
});

const notice = (id: string) => `policy ${JSON.stringify({ part: "exemption", id })}`;
const auditOf = async ({ ok }: TestSchool, prefix: string) =>
  (await ok("GET", "/audit")).items.filter(({ action }: { action: string }) => action.startsWith(prefix));

onPostgresFirst((open) => {
  test("operators see who is held, the worst first, of very many a thousand; administrators do not", async (t) => {
    let state: ProtectionState = { held: [], ended: [] };
    const { ok, call, person } = await open(t, { protection: () => state });
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    assert.deepEqual(await ok("GET", "/protection"), { mode: "enforce", heldCount: 0, held: [], ended: [] });
    const many = Array.from({ length: 1500 }, (_, i) => held(`10.0.${i >> 8}.${i & 255}`, i));
    state = { held: [...many, held("2001:db8:0:1::/64", 9000, { isTrial: true, about: null })], ended: [held("192.0.2.1", 50)] };
    const shown = await ok("GET", "/protection");
    assert.deepEqual([shown.heldCount, shown.held.length, shown.ended.length], [1501, 1000, 1]);
    assert.deepEqual(shown.held[0], {
      address: "2001:db8:0:1::/64",
      measure: "challenge",
      points: 9000,
      about: null,
      node: "n1",
      dryRun: true,
      because: [{ sign: "wrong-credential", points: 9000 }],
      since: "2026-03-02T08:00:00.000Z",
      until: "2026-03-02T09:00:00.000Z",
    });
    assert.equal(shown.held[1].points, 1499);
    const { token } = await person(schoolId, "administrator");
    for (const path of ["/protection", "/protection/exemptions"])
      assert.equal((await call("GET", path, { as: token })).status, 403);
  });

  test("an address is released on all nodes, as the protection names it; the audit log has it", async (t) => {
    const school = await open(t);
    const { ok, call, asked } = school;
    const before = Date.now();
    const released = await ok("POST", "/protection/releases", { body: { address: "2001:DB8:0:1::7" } });
    assert.equal(released.address, "2001:db8:0:1::/64");
    const until = Date.parse(released.until);
    assert.ok(until >= before + HOUR_MS && until <= Date.now() + HOUR_MS);
    assert.deepEqual(asked, [`release ${JSON.stringify({ owner: "2001:db8:0:1::/64", until })}`]);
    for (const [address, owner] of [
      ["2001:db8:0:1::/64", "2001:db8:0:1::/64"],
      ["::ffff:203.0.113.7", "203.0.113.7"],
      [" 203.0.113.7 ", "203.0.113.7"],
    ])
      assert.equal((await ok("POST", "/protection/releases", { body: { address, seconds: 60 } })).address, owner);
    const [entry] = (await auditOf(school, "protection.release")).toReversed();
    assert.deepEqual([entry.target.id, entry.after.address], ["2001:db8:0:1::/64", "2001:db8:0:1::/64"]);
    asked.splice(0);
    for (const body of [{ address: "203.0.113.0/24" }, { address: "school" }, { address: "203.0.113.7", seconds: 59 }, {}])
      assert.equal((await call("POST", "/protection/releases", { body })).status, 400, JSON.stringify(body));
    assert.deepEqual(asked, [], "nothing was released");
  });

  test("exemptions are added once, delivered to the nodes, listed, removed, and forgotten when they are over", async (t) => {
    const school = await open(t);
    const { ok, call, asked, service } = school;
    const headers = { "idempotency-key": "k" };
    const until = new Date(Date.now() + HOUR_MS).toISOString();
    const body = { network: "10.20.0.0/16", note: " The campus ", until };
    const created = await ok("POST", "/protection/exemptions", { body, headers });
    assert.deepEqual(
      [created.network, created.note, created.until, created.createdBy],
      ["10.20.0.0/16", "The campus", until, "operator"],
    );
    assert.deepEqual(asked.splice(0), [notice(created.id)]);
    assert.deepEqual(await ok("POST", "/protection/exemptions", { body, headers }), created, "the kept answer");
    const again = await call("POST", "/protection/exemptions", { body });
    assert.deepEqual([again.status, again.body.code], [409, "conflict"]);
    const forGood = await ok("POST", "/protection/exemptions", { body: { network: "2001:DB8::/32" } });
    assert.deepEqual([forGood.network, forGood.note, forGood.until], ["2001:db8::/32", "", null]);
    assert.deepEqual((await ok("GET", "/protection/exemptions")).items, [created, forGood]);
    assert.deepEqual((await ok("GET", "/protection/exemptions?limit=1")).nextCursor, created.id);
    const { exemptions = [] } = await service.answers.policySnapshot(null);
    assert.deepEqual(exemptions[0], { id: created.id, network: "10.20.0.0/16", until: Date.parse(until) });
    const change = await service.policyChange({ part: "exemption", id: forGood.id });
    assert.deepEqual(change, {
      part: "exemption",
      id: forGood.id,
      exemption: { id: forGood.id, network: "2001:db8::/32", until: null },
    });

    asked.splice(0);
    assert.equal((await call("DELETE", `/protection/exemptions/${forGood.id}`)).status, 204);
    assert.equal((await call("DELETE", `/protection/exemptions/${forGood.id}`)).status, 404);
    assert.deepEqual(asked, [notice(forGood.id)]);
    assert.deepEqual(await service.policyChange({ part: "exemption", id: forGood.id }), {
      part: "exemption",
      id: forGood.id,
      exemption: null,
    });
    assert.deepEqual((await auditOf(school, "exemption.")).map(({ action }: { action: string }) => action).toSorted(), [
      "exemption.create",
      "exemption.create",
      "exemption.delete",
    ]);
    const told: unknown[] = [];
    const notices = { policyChanged: (of: unknown) => told.push(of) };
    await sweepExemptions(service.db, notices, Date.now());
    assert.deepEqual(told, []);
    await sweepExemptions(service.db, notices, Date.now() + 2 * HOUR_MS);
    assert.deepEqual(told, [{ part: "exemption", id: created.id }]);
    assert.deepEqual((await ok("GET", "/protection/exemptions")).items, []);
  });

  test("an exemption names a list of the installation, which cannot be deleted then; no school's, because its administrators change it", async (t) => {
    const { ok, call } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const own = await ok("POST", "/address-lists", { body: { name: "Monitoring" } });
    const schools = await ok("POST", "/address-lists", { body: { schoolId, name: "School" } });
    const exempt = (network: unknown, more = {}) => call("POST", "/protection/exemptions", { body: { network, ...more } });
    for (const [network, more, path] of [
      [`list:${schools.id}`, {}, "network"],
      [`list:${"0".repeat(26)}`, {}, "network"],
      ["list:", {}, "network"],
      ["10.0.0.0/33", {}, "network"],
      ["campus", {}, "network"],
      ["10.0.0.1", { until: new Date(Date.now() - 1000).toISOString() }, "until"],
      ["10.0.0.1", { note: "x".repeat(201) }, "note"],
    ] as const) {
      const { status, body } = await exempt(network, more);
      assert.deepEqual([status, body.code, body.errors[0].path], [400, "bad-request", path], network);
    }
    const { body, status } = await exempt(`list:${own.id}`);
    assert.equal(status, 201);
    const refused = await call("DELETE", `/address-lists/${own.id}`);
    assert.deepEqual([refused.status, refused.body.code], [409, "conflict"]);
    await ok("DELETE", `/protection/exemptions/${body.id}`);
    assert.equal((await call("DELETE", `/address-lists/${own.id}`)).status, 204);
  });

  test("of exemptions and deletions of their list at the same time, none names a list that is gone", async (t) => {
    const { ok, call } = await open(t);
    for (let i = 0; i < 20; i++) {
      const { id } = await ok("POST", "/address-lists", { body: { name: `List ${i}` } });
      const [made, deleted] = await Promise.all([
        call("POST", "/protection/exemptions", { body: { network: `list:${id}` } }),
        call("DELETE", `/address-lists/${id}`),
      ]);
      assert.ok([`201 409`, `400 204`].includes(`${made.status} ${deleted.status}`), `${made.status} ${deleted.status}`);
    }
  });

  test("40 exemptions of one network at the same time are one", async (t) => {
    const { ok, call } = await open(t);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => call("POST", "/protection/exemptions", { body: { network: "10.0.0.1" } })),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))].toSorted(), [201, 409]);
    assert.equal((await ok("GET", "/protection/exemptions")).items.length, 1);
  });
});
