import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Paper } from "@lectern/exam";
import { type Batch, DoorRefusal, type ExamDoor } from "../attempt/exam-types.ts";
import { SectionTimes } from "../sections/section-times.ts";
import { memoryStore } from "./device-store.ts";
import { ExamSession } from "./exam-session.ts";
import type { SessionParts } from "./session-parts.ts";

const OPENS = 1_000_000;
const PAPER: Paper = { title: "Test", instruction: "", sections: [] };

const timed: Paper["sections"][number] = {
  id: "s1",
  title: "",
  instruction: "",
  passages: [],
  isShuffled: false,
  areOptionsShuffled: false,
  minutes: 2,
  questions: [{ id: "q1", kind: "boolean", text: "", points: 1 }],
};

const ATTEMPT: SessionParts["attempt"] = {
  examId: "ex1",
  id: "at1",
  name: "Anna",
  number: 1,
  seed: 1,
  seat: 1,
  opensAt: OPENS,
  startedAt: null,
  endsAt: null,
  handedInAt: null,
};

type World = {
  readonly door?: Partial<ExamDoor>;
  readonly attempt?: Partial<SessionParts["attempt"]>;
  readonly store?: SessionParts["store"];
  readonly isSupervised?: boolean;
  readonly sections?: Paper["sections"];
};

function setUp(
  t: TestContext,
  { door = {}, attempt = {}, store = memoryStore(), isSupervised = false, sections = [] }: World = {},
) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = OPENS - 60_000;
  const batches: Batch[] = [];
  const last = ({ answers, facts }: Batch) => Math.max(0, ...[...answers, ...facts].map(({ seq }) => seq));
  const session = new ExamSession({
    attempt: {
      ...ATTEMPT,
      ...attempt,
    },
    store,
    door: {
      key: async () => ({ key: "k", startedAt: now, endsAt: OPENS + 600_000 }),
      send: async (batch) => {
        batches.push(batch);
        return { stored: last(batch), endsAt: OPENS + 600_000, handedIn: false };
      },
      own: async () => ({ answers: [], seat: 1, seq: 0, startedAt: null, endsAt: null, handedInAt: null }),
      handIn: async (batch) => {
        batches.push(batch);
        return { handedInAt: now };
      },
      ...door,
    },
    facts: ["page-left"],
    isSupervised,
    clock: { now: () => now, elapsed: () => now, onStep: () => () => {} },
    random: () => 0,
    loadPackage: async () => new Uint8Array(1),
    openPackage: async () => ({ paper: { ...PAPER, sections }, files: [] }),
    openMedia: () => assert.fail("there is none"),
    sheetOf: (paper) => paper,
    openSections: async (...of) => new SectionTimes(...of),
    openFiles: async () => {
      throw new Error("there are none");
    },
  });
  t.after(() => session.close());
  const pass = async (ms: number) => {
    now += ms;
    t.mock.timers.tick(ms);
    for (let turn = 0; turn < 40; turn++) await Promise.resolve();
  };
  return { session, batches, pass };
}

test("the candidate waits until the start, then the key opens the paper", async (t) => {
  const { session, pass } = setUp(t);
  session.start();
  await pass(59_999);
  assert.deepEqual([session.snapshot().stage, session.snapshot().package], ["waiting", "ready"]);
  await pass(1);
  assert.deepEqual(
    [session.snapshot().stage, session.snapshot().sheet, session.snapshot().endsAt],
    ["sitting", PAPER, OPENS + 600_000],
  );
});

test("where the key is refused because the server's clock is behind, the candidate waits as long as the server says", async (t) => {
  let isEarly = true;
  const key = async () => {
    if (isEarly) throw new DoorRefusal("exam-not-started", "", OPENS + 5000);
    return { key: "k", startedAt: OPENS, endsAt: OPENS + 600_000 };
  };
  const { session, pass } = setUp(t, { door: { key } });
  session.start();
  await pass(60_000);
  assert.deepEqual([session.snapshot().stage, session.snapshot().opensAt], ["waiting", OPENS + 5000]);
  isEarly = false;
  await pass(5000);
  assert.equal(session.snapshot().stage, "sitting");
});

test("answers go on without the server, and are sent when it is back; handing in waits too", async (t) => {
  let isAway = false;
  const sent: Batch[] = [];
  const send = async (batch: Batch) => {
    if (isAway) throw new TypeError("network");
    sent.push(batch);
    return { stored: Math.max(0, ...batch.answers.map(({ seq }) => seq)), endsAt: null, handedIn: false };
  };
  const handIn = async (batch: Batch) => {
    if (isAway) throw new TypeError("network");
    sent.push(batch);
    return { handedInAt: OPENS + 1 };
  };
  const { session, pass } = setUp(t, { door: { send, handIn } });
  session.start();
  await pass(60_000);
  isAway = true;
  session.answer("q1", "a");
  await pass(1000);
  assert.ok(session.snapshot().awaySince);
  assert.deepEqual([session.snapshot().unsaved, session.answerOf("q1").isSaved], [1, false]);
  void session.handIn();
  await pass(2000);
  assert.deepEqual([session.snapshot().stage, session.snapshot().isHandingIn], ["sitting", true]);
  isAway = false;
  await pass(30_000);
  assert.equal(session.snapshot().stage, "handed-in");
  assert.deepEqual(sent.flatMap(({ answers }) => answers.map(({ value }) => value)).at(-1), "a");
});

test("at the end nothing more can be written, and what is there is sent; more time opens it again", async (t) => {
  let endsAt = OPENS + 600_000;
  const { session, pass, batches } = setUp(t, {
    door: {
      send: async (batch) => {
        batches.push(batch);
        return { stored: Math.max(0, ...batch.answers.map(({ seq }) => seq)), endsAt, handedIn: false };
      },
    },
  });
  session.start();
  await pass(60_000);
  await pass(599_000);
  session.answer("q1", "typed", true);
  await pass(1000);
  assert.equal(session.snapshot().stage, "time-up");
  await pass(10);
  assert.deepEqual([session.snapshot().unsaved, batches.at(-1)?.answers.length], [0, 1]);
  session.answer("q1", "later");
  assert.equal(session.answerOf("q1").value, "typed");
  endsAt = OPENS + 900_000;
  await pass(60_000);
  assert.equal(session.snapshot().stage, "sitting");
});

test("another device that has the seat stops this one at once", async (t) => {
  const { session, pass } = setUp(t, {
    door: {
      send: async () => {
        throw new DoorRefusal("exam-seat-taken", "");
      },
    },
  });
  session.start();
  await pass(60_000);
  await pass(10);
  assert.equal(session.snapshot().stage, "elsewhere");
});

test("what comes when nothing is taken any more is said not to count", async (t) => {
  let isOver = false;
  const send = async (batch: Batch) => {
    if (isOver) throw new DoorRefusal("exam-ended", "");
    return { stored: Math.max(0, ...batch.answers.map(({ seq }) => seq)), endsAt: null, handedIn: false };
  };
  const { session, pass } = setUp(t, { door: { send } });
  session.start();
  await pass(60_000);
  await pass(10);
  isOver = true;
  session.answer("q1", "a");
  await pass(1000);
  const { stage, late, isOver: hasEnded } = session.snapshot();
  assert.deepEqual([stage, late, hasEnded], ["time-up", 1, true]);
});

test("a key that does not come in time is asked for again", async (t) => {
  let tries = 0;
  const key = async () => {
    if (tries++ === 0) throw new DOMException("timed out", "TimeoutError");
    return { key: "k", startedAt: OPENS, endsAt: OPENS + 600_000 };
  };
  const { session, pass } = setUp(t, { door: { key } });
  session.start();
  await pass(60_000);
  assert.equal(session.snapshot().stage, "starting");
  await pass(1000);
  assert.equal(session.snapshot().stage, "sitting");
});

test("only facts that the examination notes are sent", async (t) => {
  const { session, pass, batches } = setUp(t);
  session.start();
  await pass(60_000);
  session.note("large-paste", "200");
  session.note("page-left");
  await pass(1000);
  assert.deepEqual(
    batches.flatMap(({ facts }) => facts.map(({ fact }) => fact)),
    ["page-left"],
  );
});

test("who comes back finds what was handed in, and what the server has", async (t) => {
  const handed = setUp(t, { attempt: { handedInAt: OPENS + 5, startedAt: OPENS } });
  handed.session.start();
  assert.equal(handed.session.snapshot().stage, "handed-in");
});

test("a stopped clock keeps the candidate from writing, and the end moves with it", async (t) => {
  let paused = true;
  const end = OPENS + 600_000;
  const { session, pass } = setUp(t, {
    door: {
      send: async () => ({
        stored: 0,
        handedIn: false,
        ...(paused ? { endsAt: end, paused: true, pausedAt: OPENS + 1000 } : { endsAt: end + 60_000 }),
      }),
    },
  });
  session.start();
  await pass(60_000);
  await pass(0);
  assert.equal(session.snapshot().pausedAt, OPENS + 1000);
  session.answer("q1", "a");
  assert.equal(session.answerOf("q1").value, null);
  await pass(610_000);
  assert.equal(session.snapshot().stage, "sitting", "the time does not run out meanwhile");
  paused = false;
  await pass(45_000);
  assert.deepEqual([session.snapshot().pausedAt, session.snapshot().endsAt], [null, end + 60_000]);
});

test("a message stays until the candidate confirms it, and does not come back before the server knows", async (t) => {
  const message = { id: "m1", text: "Look up, please", at: OPENS };
  const { session, pass } = setUp(t, {
    door: { send: async () => ({ stored: 0, endsAt: null, handedIn: false, messages: [message] }) },
  });
  session.start();
  await pass(60_000);
  await pass(0);
  assert.deepEqual(session.snapshot().messages, [message]);
  session.confirm("m1");
  assert.deepEqual(session.snapshot().messages, []);
});

test("messages come before the start, and are confirmed; the seat that another device takes over is left", async (t) => {
  const message = { id: "m1", text: "Please show your card", at: OPENS };
  const confirmed: (readonly string[])[] = [];
  let isTaken = false;
  const { session, pass } = setUp(t, {
    isSupervised: true,
    door: {
      send: async (_batch, seen = []) => {
        if (isTaken) throw new DoorRefusal("exam-seat-taken", "");
        confirmed.push(seen);
        return { stored: 0, endsAt: null, handedIn: false, ...(seen.length > 0 ? {} : { messages: [message] }) };
      },
    },
  });
  session.start();
  await pass(0);
  assert.deepEqual([session.snapshot().stage, session.snapshot().messages], ["waiting", [message]]);
  session.confirm("m1");
  await pass(0);
  assert.deepEqual([confirmed, session.snapshot().messages], [[[], ["m1"]], []]);
  isTaken = true;
  await pass(31_000);
  assert.equal(session.snapshot().stage, "elsewhere");
});

test("a page that is reloaded while the clock stands shows what was left then, also where it has something to send", async (t) => {
  const paused = { paused: true, pausedAt: OPENS - 100_000 };
  const store = memoryStore();
  store.put({ attempt: "at1", seat: 2, seq: 1, entry: { seq: 1, question: "q1", value: "a", writtenAt: OPENS - 200_000 } });
  let isRefused = true;
  const { session, pass } = setUp(t, {
    attempt: { startedAt: OPENS - 300_000, seat: 2, opensAt: OPENS - 300_000 },
    door: {
      own: async () => ({
        answers: [],
        seat: 2,
        seq: 0,
        startedAt: OPENS - 300_000,
        endsAt: OPENS - 90_000,
        handedInAt: null,
        ...paused,
      }),
      key: async () => ({ key: "k", startedAt: OPENS - 300_000, endsAt: OPENS - 90_000 }),
      send: async () => {
        if (isRefused) throw new DoorRefusal("exam-paused", "");
        return { stored: 0, endsAt: OPENS - 90_000, handedIn: false, ...paused };
      },
    },
  });
  session.start();
  await pass(0);
  await pass(0);
  assert.deepEqual([session.snapshot().stage, session.snapshot().pausedAt], ["sitting", paused.pausedAt]);
  isRefused = false;
  await pass(31_000);
  assert.deepEqual([session.snapshot().stage, session.snapshot().pausedAt], ["sitting", paused.pausedAt]);
});

test("a section with a time of its own takes answers from when it is begun until its end, also on a page that was reloaded", async (t) => {
  const store = memoryStore();
  const world = { store, sections: [timed] } as const;
  const { session, batches, pass } = setUp(t, world);
  session.start();
  await pass(61_000);
  session.answer("q1", true);
  assert.equal(session.answerOf("q1").value, null, "not begun");
  session.beginSection("s1");
  session.answer("q1", true);
  assert.equal(session.answerOf("q1").value, true);
  await pass(2000);
  assert.deepEqual(
    batches.flatMap(({ facts }) => facts.map(({ fact, detail }) => [fact, detail])),
    [["section-begun", "s1"]],
  );
  let shown = 0;
  session.listen(() => shown++);
  await pass(120_000);
  assert.ok(shown > 0, "the page is told of the end");
  session.answer("q1", false);
  assert.equal(session.answerOf("q1").value, true, "over");
  assert.equal(session.snapshot().stage, "sitting");
});
