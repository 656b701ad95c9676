/** Lists the messages of alarms, from the workers and nodes that raise them to the control process. */
import type { OpenAlarm } from "../../school/school.ts";

export type Alarms = readonly OpenAlarm[];

export type AlarmMessages = {
  /** All open alarms of a worker. */
  readonly alarms: (open: Alarms) => void;
  /** All open alarms of a node without a control process. */
  readonly alarmsOf: (open: Alarms) => void;
};
export type AlarmControlMessages = {
  /** All open alarms of this node's workers. */
  readonly alarms: (open: Alarms) => void;
  /** All open alarms of another node; with an empty name, those about the nodes themselves. */
  readonly alarmsOf: (of: { readonly node: string; readonly open: Alarms }) => void;
};
export type AlarmNodeMessages = Pick<AlarmControlMessages, "alarmsOf">;
