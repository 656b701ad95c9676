/** Puts alarms together that began at about the same time with the same cause: a storm is one row of the list. */
import type { Alarm } from "@lectern/client";

/** Alarms of one cause are one group while each began within this of the next one. */
const GAP_MS = 30 * 60_000;

export type AlarmGroup = {
  /** The id of its first alarm, which stays when more come. */
  readonly key: string;
  /** The newest first; never empty. */
  readonly alarms: readonly Alarm[];
  readonly newest: Alarm;
  readonly raisedAt: string;
  /** Null while one of them is open. */
  readonly clearedAt: string | null;
  readonly openCount: number;
  /** Those that nobody has acknowledged. */
  readonly unacknowledged: readonly Alarm[];
  /** Different subjects, of the newest alarms first; each with the newest alarm about it. */
  readonly subjects: readonly Alarm[];
};

/** @param alarms the newest first, as the API lists them */
export function groupAlarms(alarms: readonly Alarm[]): readonly AlarmGroup[] {
  const groups: Alarm[][] = [];
  const latest = new Map<string, Alarm[]>();
  for (const alarm of alarms) {
    const key = `${alarm.code} ${alarm.ruleId} ${alarm.severity}`;
    const group = latest.get(key);
    const earliest = group?.at(-1);
    if (group && earliest && Date.parse(earliest.raisedAt) - Date.parse(alarm.raisedAt) <= GAP_MS) {
      group.push(alarm);
      continue;
    }
    const made = [alarm];
    latest.set(key, made);
    groups.push(made);
  }
  return groups.flatMap(groupOf);
}

function groupOf(alarms: readonly Alarm[]): readonly AlarmGroup[] {
  const [newest, first] = [alarms[0], alarms.at(-1)];
  if (!newest || !first) return [];
  const openCount = alarms.filter(({ clearedAt }) => clearedAt === null).length;
  const ends = alarms.flatMap(({ clearedAt }) => (clearedAt === null ? [] : [clearedAt]));
  const subjects = new Map(alarms.toReversed().map((alarm) => [alarm.subject, alarm]));
  return [
    {
      key: first.id,
      alarms,
      newest,
      raisedAt: first.raisedAt,
      openCount,
      clearedAt: openCount > 0 ? null : (ends.toSorted().at(-1) ?? null),
      unacknowledged: alarms.filter(({ acknowledgedAt }) => acknowledgedAt === null),
      subjects: [...subjects.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1)),
    },
  ];
}

/** Whether it is critical, open, and nobody takes care of it. */
export function isUrgent({ newest, alarms }: AlarmGroup): boolean {
  return (
    newest.severity === "critical" && alarms.some(({ clearedAt, acknowledgedAt }) => clearedAt === null && acknowledgedAt === null)
  );
}

export function urgentFirst(groups: readonly AlarmGroup[]): readonly AlarmGroup[] {
  return groups.toSorted((a, b) => Number(isUrgent(b)) - Number(isUrgent(a)));
}
