import assert from "node:assert/strict";
import { test } from "node:test";
import { AbuseSignalTally } from "./abuse-signal-tally.ts";
import { AddressPoints, DURATIONS, type ProtectionMode, THRESHOLDS } from "./address-points.ts";
import type { AbuseSignal, BlockedAddress, Countermeasure } from "./protection-messages.ts";

const SCHOOL = "203.0.113.7";
const NODE = "node-a";

/** A worker and a supervisor with a clock of their own. */
function service({ mode = "enforce" as ProtectionMode, exempt = [] as readonly string[] } = {}) {
  const clock = { ms: 1_700_000_000_000 };
  const events: string[] = [];
  const points = new AddressPoints({
    node: NODE,
    mode: () => mode,
    now: () => clock.ms,
    onBlocked: ({ owner, measure }, before) => events.push(`${owner} ${before ? "then " : ""}${measure}`),
    onEnded: ({ owner }) => events.push(`${owner} ended`),
  });
  const tally = new AbuseSignalTally({
    isOn: () => mode !== "off",
    isUncounted: () => false,
    isExempt: (ip) => exempt.includes(ip),
  });
  const second = (): void => {
    clock.ms += 1000;
    points.add(tally.take());
    points.sweep();
  };
  /** Does something each second, which the worker reports at its end. */
  const during = (seconds: number, each: (second: number) => void): void => {
    for (let i = 0; i < seconds; i++) {
      each(i);
      second();
    }
  };
  const held = (ip: string): BlockedAddress | null => points.blockOf(ip);
  return { clock, events, points, tally, during, held };
}

type Service = ReturnType<typeof service>;
const times = (count: number, act: (i: number) => void): void => {
  for (let i = 0; i < count; i++) act(i);
};

/** What a thousand students behind one address do, for each second of five minutes. A page is ten answers of the API and pages. */
const SCHOOL_SCENARIOS: Readonly<Record<string, (at: Service, second: number) => void>> = {
  "all ask for a lesson that is not live yet, every second": ({ tally }, second) => {
    if (second < 10) times(1000, () => tally.good(SCHOOL));
    times(1000, () => tally.noteName(SCHOOL, "new-name", "live/math", "no-such-stream live/math"));
  },
  "nobody has opened a page here, and all players ask for streams of twenty lessons that are not live": ({ tally }, second) =>
    times(1000, (i) => tally.noteName(SCHOOL, "new-name", `live/lesson-${(i + second) % 20}`, "no-such-stream")),
  "every third mistypes the password once, within a minute": ({ tally }, second) => {
    times(second < 60 ? 17 : 0, () => times(10, () => tally.good(SCHOOL)));
    times(second < 60 ? 6 : 0, () => tally.note(SCHOOL, "wrong-credential", "401 POST /api/v1/sessions"));
  },
  "a fifth mistypes the code of a lesson, each in another way": ({ tally }, second) => {
    if (second >= 100) return;
    times(10, () => times(6, () => tally.good(SCHOOL)));
    times(2, (i) => tally.noteName(SCHOOL, "new-name", `/api/v1/invitations/${second}-${i}`, "404"));
  },
  "all reload within ten seconds, and most requests are over the limit": ({ tally }, second) => {
    if (second >= 10) return;
    times(500, () => tally.good(SCHOOL));
    times(1600, () => tally.note(SCHOOL, "too-many"));
  },
  "browsers open two connections too many for each page": ({ tally }, second) => {
    times(second < 60 ? 17 : 0, () => times(10, () => tally.good(SCHOOL)));
    times(second < 60 ? 34 : 0, () => tally.note(SCHOOL, "empty-connection"));
  },
  "all watch an embedded player whose page is elsewhere, and connections are opened ahead of time": ({ tally }, second) => {
    times(second < 20 ? 50 : 0, () => tally.good(SCHOOL, 2));
    times(second < 20 ? 100 : 0, () => tally.note(SCHOOL, "empty-connection"));
  },
  "browsers try HTTPS first at a port without it": ({ tally }, second) => {
    times(second < 60 ? 17 : 0, () => {
      tally.note(SCHOOL, "empty-connection");
      tally.good(SCHOOL, 5);
    });
  },
  "all sessions have expired, and every page asks for what needs one": ({ tally }) => {
    times(20, (i) => tally.noteName(SCHOOL, "new-name", `/api/v1/lessons/${i}`, "401"));
    times(200, () => tally.noteName(SCHOOL, "new-name", "/api/v1/me", "401"));
  },
  "all have links that are signed wrongly, for one stream": ({ tally }) =>
    times(1000, () => tally.noteName(SCHOOL, "new-name", "live/math", "bad-signature live/math")),
  "an encoder tries its one wrong key twice a second": ({ tally }) =>
    times(2, () => tally.noteName(SCHOOL, "wrong-credential", "live/math wrong-key", "bad-key live/math")),
  "the network loses packets: bodies and heads come late": ({ tally }, second) => {
    times(50, () => tally.good(SCHOOL));
    times(second % 2, () => times(6, () => tally.note(SCHOOL, "slow")));
  },
  "one student in the building lets a scanner run for a while": ({ tally }, second) => {
    times(60, () => tally.good(SCHOOL));
    times(second < 30 ? 10 : 0, (i) => tally.noteName(SCHOOL, "new-name", `/${second}/${i}`, "404"));
  },
};

for (const [what, act] of Object.entries(SCHOOL_SCENARIOS))
  test(`a thousand students behind one address are never held: ${what}`, () => {
    const at = service();
    at.during(300, (second) => act(at, second));
    assert.deepEqual(at.events, []);
  });

/** What one address does each second, and within how many seconds it is under which measure. */
const ATTACKS: Readonly<Record<string, readonly [(at: Service, second: number) => void, Partial<Record<Countermeasure, number>>]>> =
  {
    "ten new names a second": [
      ({ tally }, second) => times(10, (i) => tally.noteName("attacker", "new-name", `/${second}/${i}.php`, "404")),
      { slow: 8, challenge: 20, refuse: 65 },
    ],
    "two passwords a second": [
      ({ tally }) => times(2, () => tally.note("attacker", "wrong-credential", "401 POST /api/v1/sessions")),
      { slow: 20, challenge: 60 },
    ],
    "five publish keys a second for one stream": [
      ({ tally }, second) =>
        times(5, (i) => tally.noteName("attacker", "wrong-credential", `live/math ${second}-${i}`, "bad-key live/math")),
      { slow: 10, challenge: 25, refuse: 80 },
    ],
    "a hundred connections a second without a request": [
      ({ tally }) => times(100, () => tally.note("attacker", "empty-connection")),
      { slow: 8, challenge: 20, refuse: 60 },
    ],
    "garbage five times a second": [({ tally }) => times(5, () => tally.note("attacker", "malformed")), { slow: 5, refuse: 30 }],
    "half requests that are never finished": [
      ({ tally }) => times(10, () => tally.note("attacker", "slow")),
      { slow: 5, refuse: 30 },
    ],
    "a scanner that names itself, and gets good answers": [
      ({ tally }) =>
        times(5, () => {
          tally.note("attacker", "attack-tool", "sqlmap");
          tally.good("attacker");
        }),
      { slow: 2, challenge: 3, refuse: 6 },
    ],
    "ten thousand requests a second, of which two thousand are answered": [
      ({ tally }) => {
        times(2000, () => tally.good("attacker"));
        times(8000, () => tally.note("attacker", "too-many"));
      },
      { slow: 180, refuse: 180 },
    ],
    "new names among as many good requests": [
      ({ tally }, second) =>
        times(10, (i) => {
          tally.noteName("attacker", "new-name", `/${second}/${i}.php`, "404");
          times(2, () => tally.good("attacker"));
        }),
      { slow: 10, refuse: 65 },
    ],
  };

for (const [what, [act, within]] of Object.entries(ATTACKS))
  test(`an attacker is held in time: ${what}`, () => {
    const at = service();
    const reached = new Map<string, number>();
    at.during(200, (second) => {
      act(at, second);
      const measure = at.held("attacker")?.measure;
      if (measure && !reached.has(measure)) reached.set(measure, second);
      times(5, () => at.tally.good("neighbour"));
    });
    for (const [measure, seconds] of Object.entries(within)) {
      // A stronger measure may come before a milder one was seen.
      const when = Math.min(...[...reached].filter(([one]) => rank(one) >= rank(measure)).map(([, second]) => second));
      assert.ok(when <= seconds, `${measure} within ${seconds} s, ${JSON.stringify([...reached])}`);
    }
    assert.equal(at.held("neighbour"), null);
  });

const rank = (measure: string): number => Object.keys(THRESHOLDS).indexOf(measure);

/** Signs of one address in one report. */
function report(
  at: Service,
  owner: string,
  signs: Partial<Record<AbuseSignal, number>>,
  { good = 0, isExempt = false } = {},
): void {
  at.points.add([{ owner, good, signs, about: "an example", isExempt }]);
}

test("each measure ends by itself after its time, and is remembered for an hour", () => {
  for (const measure of ["slow", "challenge", "refuse"] as const) {
    const at = service();
    report(at, "a", { "new-name": THRESHOLDS[measure] });
    const began = at.clock.ms;
    assert.deepEqual(at.held("a"), {
      owner: "a",
      measure,
      points: THRESHOLDS[measure],
      about: "an example",
      isTrial: false,
      node: NODE,
      because: [{ sign: "new-name", points: THRESHOLDS[measure] }],
      since: began,
      until: began + DURATIONS[measure],
    });
    at.during(DURATIONS[measure] / 1000 - 1, () => {});
    assert.ok(at.held("a"));
    at.during(1, () => {});
    assert.equal(at.held("a"), null);
    assert.deepEqual(
      at.points.ended.map(({ owner, until }) => [owner, until]),
      [["a", began + DURATIONS[measure]]],
    );
    at.during(3600, () => {});
    assert.deepEqual(at.points.ended, []);
  }
});

test("a measure is prolonged while signs go on, also when what it refuses are fewer of them", () => {
  const at = service();
  report(at, "a", { "new-name": 200 });
  at.during(900, () => at.tally.note("a", "new-name"));
  assert.equal(at.held("a")?.measure, "challenge");
  at.during(310, () => {});
  assert.equal(at.held("a"), null);
  assert.deepEqual(at.events.at(-1), "a ended");
});

test("points below every threshold, or a small share of what an address does, are no reason", () => {
  const at = service();
  report(at, "few", { "new-name": 59 });
  report(at, "busy", { "new-name": 1000 }, { good: 3001 });
  report(at, "half", { "new-name": 1000 }, { good: 2999 });
  assert.deepEqual(at.events, ["half refuse"]);
});

test("an address that was released is forgotten, and free for the time that was named", () => {
  const at = service();
  report(at, "a", { malformed: 500 });
  at.points.release({ owner: "a", until: at.clock.ms + 60_000 });
  assert.equal(at.held("a"), null);
  at.during(50, () => at.tally.note("a", "malformed", null, 100));
  assert.equal(at.held("a"), null);
  at.during(20, () => at.tally.note("a", "malformed", null, 100));
  assert.equal(at.held("a")?.measure, "refuse");
});

test("in watch, and for an exempt address, measures are told of as trials", () => {
  const watch = service({ mode: "watch" });
  report(watch, "a", { malformed: 500 });
  assert.equal(watch.held("a")?.isTrial, true);
  const exempt = service({ exempt: ["10.0.0.1"] });
  exempt.during(1, () => exempt.tally.note("10.0.0.1", "malformed", null, 500));
  assert.equal(exempt.held("10.0.0.1")?.isTrial, true);
});

test("when protection is switched off, nothing is counted and measures end", () => {
  let mode: ProtectionMode = "enforce";
  const none = () => {};
  const points = new AddressPoints({ node: NODE, mode: () => mode, now: () => 0, onBlocked: none, onEnded: none });
  const signs = { owner: "a", good: 0, signs: { malformed: 500 }, about: null, isExempt: false };
  points.add([signs]);
  assert.equal(points.held.length, 1);
  mode = "off";
  points.sweep();
  points.add([signs]);
  assert.equal(points.held.length, 0);
});

test("a flood from very many addresses holds a bounded number of them", () => {
  const at = service();
  for (let i = 0; i < 100; i++) {
    const signs = Array.from({ length: 500 }, (_, j) => `2001:db8:${i.toString(16)}:${j.toString(16)}::/64`).map((owner) => ({
      owner,
      good: 0,
      signs: { malformed: 500 },
      about: null,
      isExempt: false,
    }));
    at.points.add(signs);
    at.points.sweep();
  }
  assert.equal(at.points.held.length, 5000);
});
