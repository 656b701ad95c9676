import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type AutomaticDegradation,
  type DegradationState,
  type DegradationSwitch,
  NOT_AUTOMATIC,
} from "../../contracts/degradation/degradation.ts";
import { ManualClock } from "../../platform/clock.ts";
import { silentLog } from "../../school/foundation/store/test-database.ts";
import type { Alarms } from "./alarm-messages.ts";
import { DegradationHandlers, type MachineLoad } from "./degradation-handlers.ts";

const IDLE: MachineLoad = { processorPercent: 20, memoryPercent: 30 };
const OFF: DegradationSwitch = { id: "1", what: "danmaku", schoolId: null, lessonId: null, until: null };

function open(changed: Partial<ReturnType<typeof settings>> = {}) {
  const clock = new ManualClock();
  const told: DegradationState[] = [];
  const toNodes: AutomaticDegradation[] = [];
  const alarms: Alarms[] = [];
  let machine = IDLE;
  const handlers = new DegradationHandlers({
    self: "here",
    config: () => ({ ...settings(), ...changed }),
    log: silentLog,
    clock,
    machine: () => machine,
    tell: (state) => told.push(state),
    tellNodes: (automatic) => toNodes.push(automatic),
    raise: (open) => alarms.push(open),
  });
  const seconds = (count: number, each: () => void = () => {}) => {
    for (let second = 0; second < count; second++) {
      each();
      clock.advance(1000);
      handlers.poll();
    }
  };
  const setMachine = (of: MachineLoad) => {
    machine = of;
  };
  return { handlers, clock, told, toNodes, alarms, seconds, setMachine };
}

function settings() {
  return { automatic: true, loopDelayMs: 80, storeMs: 400, processorPercent: 97, memoryPercent: 95 };
}

test("the most pressed process decides, its level is told to processes and nodes, and is an alarm until it is over", () => {
  const { handlers, told, toNodes, alarms, seconds } = open();
  const [worker, control] = [handlers.handlers("worker-0"), handlers.handlers("control")];
  seconds(2, () => {
    worker.pressure({ lagMs: 5, commitMs: 0 });
    control.pressure({ lagMs: 5, commitMs: 900 });
  });
  assert.deepEqual(told.at(-1)?.automatic, { level: 1, pressure: "database", since: told.at(-1)?.automatic.since });
  assert.deepEqual(alarms.at(-1), [{ code: "load-shed", subject: "here", detail: "It does without reactions (database)." }]);
  assert.equal(toNodes.length, 1);
  seconds(15);
  assert.deepEqual([handlers.state.automatic.level, alarms.at(-1)], [0, []], "no report is no pressure");
  assert.deepEqual(
    toNodes.map(({ level }) => level),
    [1, 1, 0],
    "repeated while it lasts",
  );
});

test("a full memory is pressure, and nothing is where nodes are not to decide by themselves", () => {
  const { handlers, seconds, setMachine } = open();
  setMachine({ ...IDLE, memoryPercent: 96 });
  seconds(4);
  assert.equal(handlers.state.automatic.level, 2);
  const manual = open({ automatic: false });
  manual.setMachine({ processorPercent: 100, memoryPercent: 100 });
  manual.seconds(10);
  assert.deepEqual([manual.handlers.state.automatic, manual.told], [NOT_AUTOMATIC, []]);
});

test("a switch is told once, and ends by itself at its time", () => {
  const { handlers, told, seconds, clock } = open();
  handlers.takeSwitches([{ ...OFF, until: clock.utc() + 2500 }]);
  seconds(2);
  assert.deepEqual(
    told.map(({ switches }) => switches.length),
    [1],
  );
  seconds(1);
  assert.deepEqual(
    told.map(({ switches }) => switches.length),
    [1, 0],
  );
});

test("what another node does without is known until it ends it, or is not heard of any more", () => {
  const { handlers, seconds } = open();
  const { nodeDegraded } = handlers.nodeHandlers();
  nodeDegraded({ node: "there", automatic: { level: 2, pressure: "memory", since: 1 } });
  assert.deepEqual(
    handlers.state.nodes.map(({ node, automatic }) => [node, automatic.level]),
    [["there", 2]],
  );
  seconds(31);
  assert.deepEqual(handlers.state.nodes, []);
  nodeDegraded({ node: "there", automatic: { level: 2, pressure: "memory", since: 1 } });
  nodeDegraded({ node: "there", automatic: NOT_AUTOMATIC });
  assert.deepEqual(handlers.state.nodes, []);
});
