/** Names what both the server's messages and the pages speak of. Each in a file of its own: the console's first page has no metrics. */

export { ALARM_NAMES, SEVERITY_NAMES } from "./alarms.ts";
export { METRIC_NAMES } from "./metrics.ts";
