/** Determines who is large on a page of a small lesson. */
import type { Stage } from "@lectern/room";

/** The shared screen, or whom the teacher has made large, or who speaks, or the teacher. @param you whose page it is */
export function largeOf({ media, layout }: Pick<Stage, "media" | "layout">, speaker: string | null, you: string): string | null {
  const isHere = (person: string | null) => media.some((one) => one.person === person);
  const screen = media.find((one) => one.screen === "sharing");
  if (screen && layout.view !== "grid") return screen.person;
  if (isHere(layout.large)) return layout.large;
  if (isHere(speaker) && speaker !== you) return speaker;
  const others = media.filter(({ person }) => person !== you);
  return (others.find(({ isStaff }) => isStaff) ?? others[0])?.person ?? null;
}

/** Whether somebody else sees this person large. */
export function isLargeForOthers(stage: Pick<Stage, "media" | "layout">, speaker: string | null, you: string): boolean {
  if (stage.layout.view === "grid") return false;
  return stage.media.some(({ person }) => person !== you && largeOf(stage, speaker, person) === you);
}
