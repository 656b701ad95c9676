/** Defines what the API says of a file that is ordered from a recording: how far it is, and where it is when it is done. */
import { z } from "zod";
import { DOWNLOAD_PROBLEMS } from "../../../contracts/recordings/download-messages.ts";
import { time } from "../../foundation/requests/fields.ts";

export const orderedFile = {
  percent: z.number().describe("0 to 100."),
  remainingSeconds: z.number().nullable().describe("An estimate; null: not known yet."),
  ahead: z.number().nullable().describe("While it waits: how many come before."),
  bytes: z.number().nullable().describe("When it is done."),
  expiresAt: time.nullable().describe("When it is done: the address opens no new downloads after this."),
  problem: z.enum(DOWNLOAD_PROBLEMS).nullable().describe("When it has failed."),
};
