import assert from "node:assert/strict";
import { test } from "node:test";
import type { Role } from "../platform/config/schema.ts";
import type { Member } from "./membership.ts";
import { likelyUpstreams, measuredLinks, originsFor, upstreamsOf } from "./topology.ts";

function node(id: string, roles: readonly Role[], more: Partial<Member> = {}): Member {
  return {
    id,
    instance: id,
    startedAt: 0,
    at: 0,
    count: 9,
    version: "1",
    roles: [...roles],
    region: "",
    carriers: [],
    parents: [],
    host: id,
    linkPort: 1,
    relayPorts: [2],
    http: "",
    rtmp: "",
    capacityMbps: 1000,
    maxConnections: 100,
    draining: false,
    usedMbps: 0,
    connections: 0,
    cpu: 0,
    freeCores: 0,
    links: [],
    crowds: [],
    state: "up",
    clockSkewMs: 0,
    clockErrorMs: 0,
    ...more,
  };
}

test("an origin that a publisher comes to keeps the stream itself, and the nearest other one with it", () => {
  const self = node("a", ["origin"], { region: "north", carriers: ["x"] });
  const others = [
    node("b", ["origin"], { region: "south", carriers: ["x"] }),
    node("c", ["origin"], { region: "north", carriers: ["x"] }),
    node("d", ["origin"], { region: "north", carriers: ["y"] }),
    node("e", ["edge"], { region: "north", carriers: ["x"] }),
  ];
  assert.deepEqual(originsFor("live.math", 2, self, others, []), ["a", "c"]);
  assert.deepEqual(originsFor("live.math", 3, self, others, []), ["a", "c", "b"]);
});

test("origins that keep a stream go on with it, unless they are gone, drained or no more origins", () => {
  const self = node("e", ["edge"]);
  const [a, b, c] = ["a", "b", "c"].map((id) => node(id, ["origin"])) as [Member, Member, Member];
  assert.deepEqual(originsFor("k", 2, self, [a, b, c], ["c", "b"]), ["c", "b"]);
  const [next] = originsFor("k", 2, self, [a, { ...b, state: "draining" }, { ...c, state: "gone" }], ["c", "b"]);
  assert.equal(next, "a");
  assert.deepEqual(originsFor("k", 2, self, [], []), ["e"], "without any origin the node keeps it itself");
});

test("across a border, where all ways to origins are poor, a node to which streams come well is asked first", () => {
  const link = (to: string, lossPercent: number | null, mbps = 5) => ({
    to,
    rttMs: 40,
    jitterMs: 1,
    lossPercent,
    mbps,
    ageMs: 10,
  });
  const origins = [node("o1", ["origin"]), node("o2", ["origin"])];
  const border = node("border", ["edge"], { region: "coast", links: [link("o1", 0.2)] });
  const abroad = (...links: Member["links"]) => node("abroad", ["edge"], { region: "overseas", links });
  const asked = (self: Member, others: readonly Member[] = [...origins, border]) => upstreamsOf("k", self, others, ["o1", "o2"]);
  const [first = "", second = ""] = asked(abroad());
  assert.deepEqual([first, second].sort(), ["o1", "o2"]);
  assert.deepEqual(asked(abroad(link(first, 6))), [second, first], "another origin is tried first");
  const self = abroad(link("o1", 6), link("o2", 3));
  assert.deepEqual(asked(self)[0], "border");
  assert.equal(asked(self).length, 3, "the origins are for when it fails");
  assert.deepEqual(asked(abroad(...self.links, link("border", 4))).includes("border"), false, "the way to it is poor too");
  for (const other of [
    { ...border, links: [link("o1", 3)] },
    { ...border, links: [link("o1", 0, 0)] },
    { ...border, links: [link("o1", null)] },
    { ...border, links: [link("somebody", 0)] },
    { ...border, state: "draining" as const },
    { ...border, usedMbps: 990 },
    { ...border, parents: ["abroad"] },
  ])
    assert.deepEqual(asked(self, [...origins, other]).includes("border"), false, JSON.stringify(other));
  const worse = { ...border, links: [link("o1", 1.5)] };
  assert.equal(asked(self, [...origins, worse]).includes("border"), false);
  assert.equal(asked(abroad(...self.links, link("border", 0.3)), [...origins, worse])[0], "border", "which is asked already");
  const near = node("near", ["edge"], { region: "overseas", links: [link("o2", 0.1)] });
  assert.equal(asked(self, [...origins, border, near])[0], "near");

  const ways = (one: Member, others: readonly Member[] = [...origins, border]) => measuredLinks(one, others);
  assert.equal(ways(abroad(link("o1", 0.5))), "");
  assert.notEqual(ways(self), ways(abroad(link("o1", 6))));
  assert.notEqual(ways(self), ways(self, origins));
});

test("streams are spread over origins, and each node finds the same ones", () => {
  const origins = ["a", "b", "c", "d"].map((id) => node(id, ["origin"]));
  const self = node("e", ["edge"]);
  const first = (key: string, others: readonly Member[]) => originsFor(key, 1, self, others, [])[0];
  const counts = Map.groupBy(
    Array.from({ length: 400 }, (_, i) => first(`live.s${i}`, origins)),
    (id) => id,
  );
  for (const { id } of origins) assert.ok((counts.get(id)?.length ?? 0) > 60, `${id}: ${counts.get(id)?.length}`);
  assert.equal(first("live.s7", origins), first("live.s7", [...origins].reverse()));
});

test("an edge asks its parents first, then the nearest origins; parents that would ask it back are passed over", () => {
  const self = node("e", ["edge"], { region: "north", carriers: ["x"], parents: ["p", "q", "gone"] });
  const others = [
    node("far", ["origin"], { region: "south", carriers: ["y"] }),
    node("near", ["origin"], { region: "north", carriers: ["x"] }),
    node("p", ["edge"], { parents: ["r"] }),
    node("q", ["edge"]),
    node("r", ["edge"], { parents: ["e"] }),
    node("gone", ["edge"], { state: "gone" }),
  ];
  assert.deepEqual(upstreamsOf("k", self, others, ["far", "near", "unknown"]), ["q", "near", "far"]);
});

test("streams are likely to come from parents, and then from the nearest of all origins that may be asked", () => {
  const self = node("e", ["edge"], { region: "north", carriers: ["x"], parents: ["p"] });
  const others = [
    node("far", ["origin"], { region: "south", carriers: ["y"] }),
    node("near", ["origin"], { region: "north", carriers: ["x"] }),
    node("drained", ["origin"], { region: "north", carriers: ["x"], state: "draining" }),
    node("f", ["edge"], { region: "north", carriers: ["x"] }),
    node("p", ["edge"], { region: "south", carriers: ["x"] }),
  ];
  assert.deepEqual(likelyUpstreams(self, others), ["p", "near", "far"]);
});
