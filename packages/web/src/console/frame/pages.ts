/** Provides the pages of the console, in the groups and in the order of the navigation. */
import {
  ALARM_ICON,
  AUDIT_ICON,
  BOOK_ICON,
  BROADCAST_ICON,
  CALENDAR_ICON,
  CHART_ICON,
  CHECKLIST_ICON,
  EXAM_ICON,
  FLAG_ICON,
  GAUGE_ICON,
  HOME_ICON,
  type IconDrawing,
  KEY_ICON,
  LAYERS_ICON,
  LESSON_ICON,
  LINK_ICON,
  LOCK_ICON,
  PEOPLE_ICON,
  PROBE_ICON,
  PUZZLE_ICON,
  QUESTION_ICON,
  RECORDING_ICON,
  SCHOOL_ICON,
  SERVER_ICON,
  SETTINGS_ICON,
  SHIELD_ICON,
  SIGN_IN_ICON,
  SOURCE_ICON,
  TASKS_ICON,
} from "@lectern/ui/icons";

/** A page has a name in the messages under `nav`, and an address of the same name. */
export type ConsolePage = { readonly name: string; readonly path: string; readonly icon: IconDrawing };
/** `null`: stands outside of the groups. Their names are in the messages under `navGroups`. */
export type PageGroup = { readonly name: GroupName | null; readonly pages: readonly ConsolePage[] };
type GroupName = "teach" | "people" | "platform" | "developers";

type Entry = readonly [name: string, icon: IconDrawing, forWhom?: "operators"];

const GROUPS: readonly { readonly name: GroupName | null; readonly pages: readonly Entry[] }[] = [
  { name: null, pages: [["home", HOME_ICON]] },
  {
    name: "teach",
    pages: [
      ["timetable", CALENDAR_ICON],
      ["lessons", LESSON_ICON],
      ["courses", BOOK_ICON],
      ["question-bank", QUESTION_ICON],
      ["examinations", EXAM_ICON],
      ["recordings", RECORDING_ICON],
      ["analytics", CHART_ICON],
      ["quality", GAUGE_ICON],
    ],
  },
  {
    name: "people",
    pages: [
      ["people", PEOPLE_ICON],
      ["check-ins", CHECKLIST_ICON],
      ["schools", SCHOOL_ICON, "operators"],
      ["providers", SIGN_IN_ICON],
      ["moderation", FLAG_ICON],
      ["approvals", CHECKLIST_ICON],
      ["audit", AUDIT_ICON],
    ],
  },
  {
    name: "platform",
    pages: [
      ["streams", BROADCAST_ICON],
      ["sources", SOURCE_ICON],
      ["ladders", LAYERS_ICON],
      ["access", SHIELD_ICON],
      ["protection", LOCK_ICON, "operators"],
      ["nodes", SERVER_ICON, "operators"],
      ["jobs", TASKS_ICON, "operators"],
      ["probes", PROBE_ICON],
      ["alarms", ALARM_ICON],
    ],
  },
  {
    name: "developers",
    pages: [
      ["webhooks", LINK_ICON],
      ["keys", KEY_ICON],
      ["platforms", PUZZLE_ICON],
    ],
  },
  { name: null, pages: [["settings", SETTINGS_ICON]] },
];

export function pageGroups(isOperator: boolean): readonly PageGroup[] {
  return GROUPS.map(({ name: group, pages }) => ({
    name: group,
    pages: pages
      .filter(([, , forWhom]) => isOperator || forWhom === undefined)
      .map(([name, icon]) => ({ name, icon, path: name === "home" ? "/" : `/${name}` })),
  }));
}

/** Whether an address of the console is of a page, or below it. */
export function isAt(location: string, path: string): boolean {
  return location === path || (path !== "/" && location.startsWith(`${path}/`));
}
