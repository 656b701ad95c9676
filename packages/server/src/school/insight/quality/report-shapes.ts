/** Defines what the API returns of reports. */
import { z } from "zod";

const share = z.number().min(0).max(1).nullable();
const whole = z.int().min(0);

const figures = {
  lessons: whole.describe("Lessons that somebody watched."),
  viewers: whole.describe("Students and guests, by lesson: who watched two lessons counts twice."),
  watchedMs: whole,
  stalls: whole,
  stallMs: whole,
  disconnects: whole,
  affected: whole.describe("Viewers whose picture stood still for longer than the school's rule says."),
  complained: whole.describe("Viewers who have said that something is wrong, also those whose player told nothing."),
  complainedWithoutView: whole.describe(
    "Of them: reports whose player told nothing, for instance because there was never a picture. They are not among `viewers`.",
  ),
  stallRatio: share.describe("Time stalled of the time that a picture should have moved."),
  completionRate: share.describe("Viewers whose last session did not end by a failure."),
  complaintRate: share.describe("Viewers who complained, of all viewers and of those whose player told nothing."),
  droppedShare: share.describe("Dropped frames of all frames."),
};

export const figuresShape = z.object(figures).meta({ id: "QualityFigures" });
export const reportRow = z
  .object({ key: z.string().describe("The day, an id, or a carrier; empty: none or not known."), name: z.string(), ...figures })
  .meta({ id: "QualityReportRow" });
