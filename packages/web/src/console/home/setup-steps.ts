/** Provides the steps by which a school is set up, in their order, and which of them are done. */

export const SETUP_STEPS = ["people", "timetable", "logo", "lesson"] as const;
type SetupStep = (typeof SETUP_STEPS)[number];

export type SchoolProgress = Readonly<Record<SetupStep, boolean>>;

/** The pages of the steps, after /console; the first lesson has its own. */
export const STEP_PAGES: Readonly<Record<SetupStep, string>> = {
  people: "/people",
  timetable: "/timetable",
  logo: "/settings/appearance",
  lesson: "/lessons",
};

/** Null: all that a school needs is done. A logo is offered, and keeps nobody from being ready. */
export function nextStep(progress: SchoolProgress): SetupStep | null {
  if (progress.people && progress.timetable && progress.lesson) return null;
  return SETUP_STEPS.find((step) => !progress[step]) ?? null;
}
