/** Loads the code for sections with a time of their own, which few papers have. */
import { loadedLater } from "../../components/loaded-later.tsx";

const load = () => import("./timed-sections.ts");

export const SectionClock = loadedLater(async () => (await load()).SectionClock);

export const openSectionTimes: OpenSections = async (...of) => new (await load()).SectionTimes(...of);

/** Before thousands need it in the same second. */
export function loadSections(): void {
  load().catch(() => {
    // The paper asks for it again.
  });
}

type SectionTimes = import("./section-times.ts").SectionTimes;
export type OpenSections = (
  ...of: ConstructorParameters<typeof import("./section-times.ts").SectionTimes>
) => Promise<SectionTimes>;
