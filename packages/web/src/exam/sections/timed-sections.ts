/** Holds what is loaded together where a section of the paper has a time of its own. */
export { SectionClock } from "./section-clock.tsx";
export { SectionTimes } from "./section-times.ts";
